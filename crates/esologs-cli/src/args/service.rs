//! What every command takes that asks the service: whom to ask, who listens, and how far it may go.

use clap::Args;

use super::budget::BudgetArgs;
use super::host::HostArgs;
use super::listen::ListenArgs;

#[derive(Debug, Args)]
pub(crate) struct ServiceArgs {
    #[command(flatten)]
    pub(crate) listen: ListenArgs,

    #[command(flatten)]
    pub(crate) host: HostArgs,

    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
}
