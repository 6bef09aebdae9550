"""What was published about accelerators, set beside what the catalogue and the model give."""
