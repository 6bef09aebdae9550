"""How time to train falls with the number of accelerators: a model fitted, scored and derived."""
