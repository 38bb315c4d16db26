"""What is done to a model and how it answers: experiments, engines, rest, scans."""
