"""What the stories are found with: vectors of words, the trees that join articles, the trees that compare sentences."""
