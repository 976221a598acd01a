"""A small provincial press to crawl offline: thirteen invented papers on 127.0.0.1, built like real ones.

`with open_press() as press:` starts one HTTP server a paper on a free port. `press.sites` are their catalogue entries,
`press.articles` what they print (with the facts a person read in it), `press.log` every request that came, and
`press.catalogue(path)` writes a sites.toml for `baotinh refresh --catalogue`. `press.edit`, `press.withdraw` and
`press.restore` change what stands on the sites; `press.faults` (or `open_press(faults=...)`) makes a paper misbehave in
the ways that `FAULTS` lists; `sites` and `reprint_count` make it large. Names, people and figures are made up.
"""

from crawler.replica.articles import ReplicaArticle
from crawler.replica.faults import FAULTS, Faults
from crawler.replica.server import Press, Request, open_press

__all__ = ["FAULTS", "Faults", "Press", "ReplicaArticle", "Request", "open_press"]
