"""The client's methods, by what they are about."""

from .character import CharacterMixin
from .game_data import GameDataMixin
from .guild import GuildMixin
from .pages import PagesMixin
from .progress_race import ProgressRaceMixin
from .report import ReportMixin
from .user import UserMixin
from .world_data import WorldDataMixin

__all__ = [
    "CharacterMixin",
    "GameDataMixin",
    "GuildMixin",
    "PagesMixin",
    "ProgressRaceMixin",
    "ReportMixin",
    "UserMixin",
    "WorldDataMixin",
]
