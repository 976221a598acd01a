"""From a page or a text to facts and observations: pure functions, no network, no database, no clock."""
