//! The shape of `graph`: series over time.

use crate::api::model::model;
use crate::units::ReportTime;

model! {
    /// A graph, as the API wraps it.
    pub struct Graph {
        /// What is in it.
        data: GraphData = "data",
    }
}

model! {
    /// Series over the same time.
    pub struct GraphData {
        /// The series.
        series: Vec<GraphSeries> = "series",
        /// Start of the time.
        start_time: ReportTime = "startTime",
        /// End of the time.
        end_time: ReportTime = "endTime",
    }
}

model! {
    /// Values at equal distances of time.
    pub struct GraphSeries {
        /// What it stands for: an actor's or ability's number, or the title of the sum of all. As text.
        id: String = "id",
        /// Its name.
        name: String = "name",
        /// Its kind: the class of a player, the school of an ability, or the title of the sum of all.
        kind: String = "type",
        /// The game's own number.
        guid: i64 = "guid",
        /// Name of an actor's icon.
        icon: String = "icon",
        /// Name of an ability's icon.
        ability_icon: String = "abilityIcon",
        /// Time of the first value.
        point_start: ReportTime = "pointStart",
        /// Distance of the values, in milliseconds. A fraction.
        point_interval: f64 = "pointInterval",
        /// The values.
        data: Vec<f64> = "data",
        /// The sum of the values.
        total: f64 = "total",
    }
}
