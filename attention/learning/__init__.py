"""How a model learns and writes: gradients, training, generation, and the data to learn from."""
