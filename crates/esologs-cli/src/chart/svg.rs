//! Charts as SVG, drawn by `plotters`.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::data::{Bars, Drawing, Lines, Series};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::cell::clock;
use crate::words;

/// Pixels.
const WIDTH: u32 = 1000;
const LINES_HEIGHT: u32 = 560;
const LEGEND: i32 = 250;
const BAR: u32 = 26;
/// Title above, axis below.
const AROUND_BARS: u32 = 120;
const NAMES: u32 = 230;
/// For amount and share behind the longest bar.
const AMOUNTS: u32 = 150;

/// The most bars and series; more are told in a number.
const MOST_BARS: usize = 40;
/// A group of twelve, and its sum.
const MOST_SERIES: usize = 13;
/// The most points of a line: more are noise at this width.
const MOST_POINTS: usize = 80;
/// The most letters of a name in the legend and beside a bar.
const LONGEST_NAME: usize = 28;

/// Colours that can be told apart by most eyes, on white (Okabe and Ito, "Color Universal Design", 2008), and darker ones of them
/// where there are more series. Yellow is left out: it does not show on white.
const COLOURS: [RGBColor; 12] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(0, 69, 107),
    RGBColor(128, 56, 0),
    RGBColor(0, 95, 69),
    RGBColor(122, 73, 100),
    RGBColor(52, 108, 140),
    RGBColor(138, 95, 0),
];
const INK: RGBColor = RGBColor(34, 34, 34);
const FAINT: RGBColor = RGBColor(225, 225, 225);
const FONT: &str = "sans-serif";

/// The chart as the text of an SVG file.
pub(super) fn text(title: &str, drawing: &Drawing) -> Result<String, Failure> {
    let mut svg = String::new();
    let drawn = match drawing {
        Drawing::Bars(bars) => draw_bars(&mut svg, title, bars),
        Drawing::Lines(lines) => draw_lines(&mut svg, title, lines),
    };
    drawn.map_err(|error| Failure::new(Exit::Local, "chart", format!("the chart cannot be drawn: {error}")))?;
    Ok(svg)
}

type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

fn font(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&INK)
}

fn draw_bars<'a>(svg: &'a mut String, title: &str, bars: &Bars) -> Drawn<'a> {
    let shown = &bars.bars[..bars.bars.len().min(MOST_BARS)];
    let largest = shown.iter().map(|bar| bar.amount).fold(f64::MIN_POSITIVE, f64::max);
    let height = AROUND_BARS + BAR * shown.len() as u32;
    let root = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE)?;
    root.draw(&Text::new(title.to_owned(), (20, 16), font(20)))?;

    let mut chart = ChartBuilder::on(&root)
        .margin_top(48)
        .margin_right(AMOUNTS)
        .margin_left(NAMES)
        .margin_bottom(8)
        .x_label_area_size(56)
        .build_cartesian_2d(0.0..largest, 0.0..shown.len() as f64)?;
    let rest = bars.bars.len() - shown.len();
    let unit = if rest > 0 {
        format!("{}; {} more have less", bars.unit.name(), words::count(rest as u64))
    } else {
        bars.unit.name().to_owned()
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_labels(6)
        .x_label_formatter(&|value| bars.unit.shown(*value))
        .x_desc(unit)
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(FAINT)
        .label_style(font(13))
        .axis_desc_style(font(14))
        .draw()?;
    chart.draw_series(shown.iter().enumerate().map(|(place, bar)| {
        let top = (shown.len() - place) as f64;
        Rectangle::new([(0.0, top - 0.15), (bar.amount, top - 0.85)], COLOURS[0].filled())
    }))?;
    for (place, bar) in shown.iter().enumerate() {
        let middle = (shown.len() - place) as f64 - 0.5;
        let (left, y) = chart.backend_coord(&(0.0, middle));
        let (right, _) = chart.backend_coord(&(bar.amount, middle));
        let name = font(14).pos(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(words::cut(&bar.name, LONGEST_NAME), (left - 8, y), name))?;
        let amount = format!("{} · {:.1} %", bars.unit.shown(bar.amount), 100.0 * bar.amount / bars.whole);
        root.draw(&Text::new(amount, (right + 8, y), font(13).pos(Pos::new(HPos::Left, VPos::Center))))?;
    }
    root.present()
}

fn draw_lines<'a>(svg: &'a mut String, title: &str, lines: &Lines) -> Drawn<'a> {
    let shown: Vec<Series> = lines.series.iter().take(MOST_SERIES).map(|series| series.of_at_most(MOST_POINTS)).collect();
    let root = SVGBackend::with_string(svg, (WIDTH, LINES_HEIGHT)).into_drawing_area();
    root.fill(&WHITE)?;
    root.draw(&Text::new(title.to_owned(), (20, 16), font(20)))?;

    let end = |series: &Series| series.start_ms + series.interval_ms * series.values.len().saturating_sub(1) as f64;
    let from = shown.iter().map(|series| series.start_ms).fold(f64::MAX, f64::min);
    let to = shown.iter().map(end).fold(from + 1.0, f64::max);
    let top = shown.iter().flat_map(|series| &series.values).copied().fold(1.0, f64::max);
    let mut chart = ChartBuilder::on(&root)
        .margin_top(48)
        .margin_right(LEGEND)
        .margin_left(12)
        .margin_bottom(8)
        .x_label_area_size(56)
        .y_label_area_size(90)
        .build_cartesian_2d(from..to, 0.0..top * 1.05)?;
    chart
        .configure_mesh()
        .x_labels(8)
        .y_labels(8)
        .x_label_formatter(&|value| clock(*value))
        .y_label_formatter(&|value| lines.unit.shown(*value))
        .x_desc("time in the report (m:ss)")
        .y_desc(format!(
            "{}, mean of {:.1} s",
            lines.unit.name(),
            shown.first().map_or(0.0, |series| series.interval_ms / 1000.0)
        ))
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(INK.mix(0.5))
        .label_style(font(13))
        .axis_desc_style(font(14))
        .draw()?;
    for (place, series) in shown.iter().enumerate().rev() {
        let (colour, thickness) = look(series, place);
        let point = |(at, value): (usize, &f64)| (series.start_ms + series.interval_ms * at as f64, *value);
        chart.draw_series(LineSeries::new(series.values.iter().enumerate().map(point), colour.stroke_width(thickness)))?;
    }
    let left = WIDTH as i32 - LEGEND + 16;
    for (place, series) in shown.iter().enumerate() {
        let y = 60 + 22 * place as i32;
        root.draw(&PathElement::new([(left, y), (left + 24, y)], look(series, place).0.stroke_width(3)))?;
        let name = font(14).pos(Pos::new(HPos::Left, VPos::Center));
        root.draw(&Text::new(words::cut(&series.name, LONGEST_NAME), (left + 32, y), name))?;
    }
    if lines.series.len() > shown.len() {
        let more = format!("and {} more", words::count((lines.series.len() - shown.len()) as u64));
        let y = 60 + 22 * shown.len() as i32;
        root.draw(&Text::new(more, (left + 32, y), font(13).pos(Pos::new(HPos::Left, VPos::Center))))?;
    }
    root.present()
}

/// Colour and thickness of a line: the sum of all in ink, the others in their colours.
fn look(series: &Series, place: usize) -> (RGBColor, u32) {
    if series.is_total() { (INK, 3) } else { (COLOURS[place % COLOURS.len()], 2) }
}
