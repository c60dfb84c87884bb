from __future__ import annotations

from hypothesis import HealthCheck, settings

# A busy machine must not fail a property: what is slow is the benchmarks' business.
settings.register_profile("rapport", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rapport")
