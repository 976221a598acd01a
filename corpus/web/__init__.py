"""The web pages for press officers and reviewers: server-rendered, in Vietnamese, on corpus/'s own functions."""
