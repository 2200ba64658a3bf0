"""Client for the ESO Logs API that finishes the job.

``Client`` and the factories of ``esologs.client_factory`` take the place of those of ``esologs-python``.
"""

from ._installation import check
from ._lazy import attributes

check(__file__)

from ._core import VERSION as __version__  # noqa: E402
from ._generated import PLACES as _PLACES  # noqa: E402

_PLACES = {
    **_PLACES,
    "Client": "esologs.client",
    "Points": "esologs.points",
    "Served": "esologs._core",
    "SyncClient": "esologs.sync_client",
    "CircuitBreaker": "esologs.resilience",
    "CircuitBreakerOpen": "esologs.resilience",
    "Fallback": "esologs.resilience",
    "OrFallback": "esologs.resilience",
    "RetryBudget": "esologs.resilience",
    "RetryPolicy": "esologs.resilience",
    "retry": "esologs.resilience",
    "BreakerSettings": "esologs.limits",
    "RetryBudgetSettings": "esologs.limits",
    "get_access_token": "esologs.auth",
    "OAuth2Flow": "esologs.user_auth",
    "UserToken": "esologs.user_auth",
    "exchange_authorization_code": "esologs.user_auth",
    "generate_authorization_url": "esologs.user_auth",
    "refresh_access_token": "esologs.user_auth",
}

__all__ = ["__version__", *sorted(_PLACES)]
__getattr__ = attributes(__name__, _PLACES, globals())
