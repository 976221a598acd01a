"""The SQLite file and everything done with it: store, search, review, export, web pages."""
