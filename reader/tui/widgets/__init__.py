"""The widgets: each shows a model that it is given."""
