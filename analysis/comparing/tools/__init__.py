"""One course in each of several simulators, each as it reads the model."""
