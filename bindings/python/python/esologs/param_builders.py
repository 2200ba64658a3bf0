"""Variables of operations, put together from arguments of Python."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List

from ._arguments import plain
from ._generated.operations import VARIABLES
from ._unset import UNSET

_REPORT = ("getReportEvents", "getReportGraph", "getReportTable")
_RANKING = ("getCharacterEncounterRankings", "getCharacterZoneRankings")


def _known(operations: Iterable[str], given: Dict[str, Any]) -> Dict[str, object]:
    """Those arguments that are variables of the operations, under the variables' names."""
    names = {plain(name): name for operation in operations for name in VARIABLES[operation]}
    return clean_unset_params({names[plain(name)]: value for name, value in given.items() if plain(name) in names})


class ParameterBuilder:
    """Variables, one after the other; what is left out (``UNSET``) is not among them."""

    _operations: Iterable[str] = ()

    def __init__(self) -> None:
        self.params: Dict[str, object] = {}

    def add_param(self, name: str, value: Any) -> ParameterBuilder:
        if value is not UNSET:
            self.params[name] = value
        return self

    def build(self) -> Dict[str, object]:
        return dict(self.params)

    def build_from_kwargs(self, **kwargs: Any) -> Dict[str, object]:
        """The variables that these arguments name; others are passed over."""
        self.params.update(_known(self._operations, kwargs))
        return self.build()

    def _add(self, **given: Any) -> Any:
        self.params.update(_known(self._operations, given))
        return self


class ReportFilterBuilder(ParameterBuilder):
    """What events, graphs and tables of a report are filtered by."""

    _operations = _REPORT

    def add_time_range(self, start_time: Any = UNSET, end_time: Any = UNSET) -> ReportFilterBuilder:
        return self._add(start_time=start_time, end_time=end_time)  # type: ignore[no-any-return]

    def add_combat_filters(
        self,
        ability_id: Any = UNSET,
        source_id: Any = UNSET,
        target_id: Any = UNSET,
        source_class: Any = UNSET,
        target_class: Any = UNSET,
    ) -> ReportFilterBuilder:
        return self._add(  # type: ignore[no-any-return]
            ability_id=ability_id, source_id=source_id, target_id=target_id, source_class=source_class, target_class=target_class
        )

    def add_aura_filters(
        self,
        source_auras_present: Any = UNSET,
        source_auras_absent: Any = UNSET,
        target_auras_present: Any = UNSET,
        target_auras_absent: Any = UNSET,
    ) -> ReportFilterBuilder:
        return self._add(  # type: ignore[no-any-return]
            source_auras_present=source_auras_present,
            source_auras_absent=source_auras_absent,
            target_auras_present=target_auras_present,
            target_auras_absent=target_auras_absent,
        )


class RankingParameterBuilder(ParameterBuilder):
    """What rankings of a character are asked for by."""

    _operations = _RANKING

    def add_ranking_filters(
        self, metric: Any = UNSET, partition: Any = UNSET, timeframe: Any = UNSET, compare: Any = UNSET
    ) -> RankingParameterBuilder:
        return self._add(metric=metric, partition=partition, timeframe=timeframe, compare=compare)  # type: ignore[no-any-return]

    def add_class_filters(self, class_name: Any = UNSET, spec_name: Any = UNSET, role: Any = UNSET) -> RankingParameterBuilder:
        return self._add(class_name=class_name, spec_name=spec_name, role=role)  # type: ignore[no-any-return]


def build_report_event_params(**kwargs: Any) -> Dict[str, object]:
    return _known(["getReportEvents"], kwargs)


def build_report_graph_params(**kwargs: Any) -> Dict[str, object]:
    return _known(["getReportGraph"], kwargs)


def build_report_table_params(**kwargs: Any) -> Dict[str, object]:
    return _known(["getReportTable"], kwargs)


def build_report_search_params(**kwargs: Any) -> Dict[str, object]:
    return _known(["getReports"], kwargs)


def build_report_player_details_params(**kwargs: Any) -> Dict[str, object]:
    return _with_code(_known(["getReportPlayerDetails"], kwargs))


def build_report_rankings_params(**kwargs: Any) -> Dict[str, object]:
    return _with_code(_known(["getReportRankings"], kwargs))


def build_character_ranking_params(**kwargs: Any) -> Dict[str, object]:
    return _known(_RANKING, kwargs)


def build_guild_attendance_params(**kwargs: Any) -> Dict[str, object]:
    return _known(["getGuildAttendance"], {"limit": 16, "page": 1, **kwargs})


def validate_param_combination(params: Dict[str, Any], required_together: List[List[str]]) -> None:
    """All or none of each group, else ``ValueError``."""
    for group in required_together:
        given = [name for name in group if params.get(name, UNSET) is not UNSET and params[name] is not None]
        if given and len(given) < len(group):
            raise ValueError(f"Parameters {group} must be provided together. Only got: {given}")


def clean_unset_params(params: Dict[str, Any]) -> Dict[str, Any]:
    """Without what is left out. ``None`` stays: it is sent, as ``null``."""
    return {name: value for name, value in params.items() if value is not UNSET}


def _with_code(params: Dict[str, object]) -> Dict[str, object]:
    if "code" not in params:
        raise KeyError("code")
    return params
