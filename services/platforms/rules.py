from services.platforms.enums import PlatformTier

PARENTS = {
    PlatformTier.GENERAL: frozenset[PlatformTier](),
    PlatformTier.SUB: frozenset({PlatformTier.GENERAL}),
    PlatformTier.MICRO: frozenset({PlatformTier.GENERAL, PlatformTier.SUB}),
}
"""Tier × tiers of what it may stand beneath: 总平台, 分平台, 微平台."""
