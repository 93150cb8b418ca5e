"""The rules: their documentation's own examples, what they see, and what the labelled graphs say of them."""
