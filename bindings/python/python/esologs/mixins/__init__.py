"""The client's methods, by what they are about."""

from .character import CharacterMixin
from .game_data import GameDataMixin
from .guild import GuildMixin
from .progress_race import ProgressRaceMixin
from .report import ReportMixin
from .user import UserMixin
from .world_data import WorldDataMixin

__all__ = [
    "CharacterMixin",
    "GameDataMixin",
    "GuildMixin",
    "ProgressRaceMixin",
    "ReportMixin",
    "UserMixin",
    "WorldDataMixin",
]
