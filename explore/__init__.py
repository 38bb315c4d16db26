"""A page in the browser to ask the models: a server on loopback, and processes that compute."""
