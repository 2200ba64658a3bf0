//! `esologs._core`: the Rust client as a Python extension module. As thin as can be: it takes a document and variables, and
//! gives back how the last attempt was answered. Names, models and exceptions are Python's, on top of it.

mod answer;
mod arrow;
mod carrier;
mod client;
mod event_pages;
mod events;
mod flight;
mod foreign;
mod json;
mod limits;
mod points;
mod process;
#[cfg(feature = "program")]
mod program;
mod resilience;
mod settings;
mod waiting;

use pyo3::prelude::*;

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::Core>()?;
    module.add_class::<answer::Answer>()?;
    module.add_class::<answer::Failure>()?;
    module.add_class::<flight::Flight>()?;
    module.add_class::<arrow::ArrowEvents>()?;
    module.add_class::<arrow::EventBatch>()?;
    module.add_class::<resilience::Retries>()?;
    module.add_class::<resilience::Budget>()?;
    module.add_class::<resilience::Breaker>()?;
    module.add_class::<answer::ServedFrom>()?;
    #[cfg(feature = "program")]
    {
        module.add_function(wrap_pyfunction!(program::run_program, module)?)?;
        module.add_function(wrap_pyfunction!(program::points_folder, module)?)?;
    }
    module.add_function(wrap_pyfunction!(json::loads, module)?)?;
    process::watch(module)?;
    Ok(())
}
