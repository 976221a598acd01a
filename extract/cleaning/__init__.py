"""The steps from a page or a text file to an article, each in a file of its name; the rules' words are data beside them."""
