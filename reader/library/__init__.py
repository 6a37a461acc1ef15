"""The use-cases that both front ends call: refresh, add, open, save, search."""
