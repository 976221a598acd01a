"""The steps from a page or a text file to an article, each in a file of its name, their words as data beside them."""
