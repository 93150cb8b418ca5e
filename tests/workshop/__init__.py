"""What holds for the project as a whole: style, types, imports, requirements, and that the README tells the truth."""
