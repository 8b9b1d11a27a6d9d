"""The questions, one module for each chapter, named after it."""
