//! The same scenarios for our client and for what people would take instead: one table.

#[cfg(feature = "head-to-head")]
mod contenders;
#[cfg(feature = "head-to-head")]
mod matrix;
#[cfg(feature = "head-to-head")]
mod scenarios;
#[cfg(feature = "head-to-head")]
mod wire;

use std::error::Error;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only scenarios whose name holds this.
    #[arg(long, default_value = "")]
    only: String,
}

/// Prints the tables; whether ours is first or equal wherever no reason is given.
#[cfg(feature = "head-to-head")]
pub(crate) fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    let matrix = matrix::Matrix::fill(scenarios::all(), &args.only)?;
    println!("{matrix}");
    for unexplained in matrix.unexplained() {
        eprintln!("not first, and no reason is given: {unexplained}");
    }
    Ok(matrix.unexplained().next().is_none())
}

#[cfg(not(feature = "head-to-head"))]
pub(crate) fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    let only = &args.only;
    Err(format!(
        "the libraries to compare with are not built in; run\n  cargo run --release -p esologs-bench --features head-to-head -- head-to-head {only}"
    )
    .into())
}
