"""The exercises, one module for each chapter, named after it."""
