"""The network: finds pages of the provincial press, fetches them politely and keeps them as WARC records."""
