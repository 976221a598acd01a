"""The crawler's manners as Scrapy settings, in the order in which a request meets them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawler.plan import Plan

LEAST_DELAY = 0.001  # with none at all Scrapy empties a slot's queue at once, whatever its concurrency
HOST_PAUSE_MOST = 120.0  # seconds of a Retry-After that are waited for; a longer one ends the site's crawl


def user_agent(contact: str | None) -> str:
    """Our honest name: "baotinh/0.1.0 (+contact)"."""
    try:
        number = version("baotinh")
    except PackageNotFoundError:
        number = "unreleased"
    return f"baotinh/{number} (+{contact})" if contact else f"baotinh/{number}"


def settings_for(plan: Plan) -> dict[str, Any]:
    """Scrapy's settings for a plan; nothing of the environment or of a scrapy.cfg gets in."""
    return {
        # Who we are, and what we may.
        "USER_AGENT": user_agent(plan.contact),
        "ROBOTSTXT_USER_AGENT": "baotinh",
        "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
                                    "Accept-Language": "vi,en;q=0.3"},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "crawler.manners.Allowance": 50,
            "crawler.manners.Robots": 100,
            "crawler.manners.Patience": 550,
        },
        # How often: one request at a time to a site, `delay` between two, more where the site is slow.
        "CONCURRENT_REQUESTS": max(1, len(plan.sites)),  # more would wait past the check of Allowance
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": max(plan.delay, LEAST_DELAY),
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "AUTOTHROTTLE_ENABLED": plan.delay > 0,
        "AUTOTHROTTLE_START_DELAY": plan.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(30.0, plan.delay),
        "RETRY_TIMES": 2,
        # How much.
        "DOWNLOAD_TIMEOUT": plan.timeout,
        "DOWNLOAD_MAXSIZE": plan.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        # What comes back: every status to the spider, in the order of priority, first come first served.
        "HTTPERROR_ALLOW_ALL": True,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "SPIDER_MIDDLEWARES_BASE": {},  # what they do (depth, referer, start) is not wanted, and done for every request
        "DOWNLOADER_STATS": False,
        "CONCURRENT_ITEMS": 1,  # so many tasks are made for each response, though the spider yields no items
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it parses the spider's source again for every request
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }  # fmt: skip
