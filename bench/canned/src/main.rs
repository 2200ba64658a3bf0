//! Serves ready-made answers until its standard input ends: `esologs-canned REPORTS PAGES EVENTS`, so many reports with so many pages
//! of so many events. Prints where it serves, as JSON.

use std::error::Error;
use std::io::{Write as _, stdin, stdout};
use std::sync::Arc;

use esologs_canned::{Answers, World, serve};

fn main() -> Result<(), Box<dyn Error>> {
    let mut world = World::SMALL;
    let [reports, pages, events] = [&mut world.reports, &mut world.pages_per_report, &mut world.events_per_page];
    for (number, argument) in [reports, pages, events].into_iter().zip(std::env::args().skip(1)) {
        *number = argument.parse()?;
    }
    let address = serve(Arc::new(Answers::of(world)))?;
    writeln!(stdout(), r#"{{"base_url":"http://{address}"}}"#)?;
    stdout().flush()?;
    std::io::copy(&mut stdin(), &mut std::io::sink())?;
    Ok(())
}
