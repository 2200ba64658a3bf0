//! Something to show instead of an error.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::error::Error;

/// A value and, where it is a fallback's, the error that led to it. From [`Fallback::or`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrFallback<T, E> {
    /// The real value, or the fallback's.
    pub value: T,
    /// Why it is not the real one; `None` where it is.
    pub error: Option<E>,
}

impl<T, E> OrFallback<T, E> {
    /// Whether the value is the real one.
    pub const fn is_real(&self) -> bool {
        self.error.is_none()
    }
}

/// Gives a value of the caller's own where there is none to be had: an older copy, or the little that is known anyway. The
/// result says whether it is the real one, so that nobody takes one for the other.
///
/// ```
/// use esologs::Fallback;
///
/// # async fn download_name() -> Result<String, std::io::Error> { Err(std::io::ErrorKind::TimedOut.into()) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), std::io::Error> {
/// let name = Fallback::on_any_error().or(download_name(), |_| "Unknown".to_owned()).await?;
/// assert_eq!(name.value, "Unknown");
/// assert!(!name.is_real());
/// # Ok(())
/// # }
/// ```
pub struct Fallback<E>(Arc<dyn Fn(&E) -> bool + Send + Sync>);

impl<E> Fallback<E> {
    /// Stands in for errors that `choose` says yes to; others pass through.
    #[must_use]
    pub fn when(choose: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(choose))
    }

    /// Stands in for every error.
    #[must_use]
    pub fn on_any_error() -> Self {
        Self::when(|_| true)
    }

    /// Whether the fallback stands in for this error: for those who catch errors in a way of their own.
    #[must_use]
    pub fn stands_in_for(&self, error: &E) -> bool {
        (self.0)(error)
    }

    /// The value of `work`, or that of `fallback`, which is run only where it is needed and is given the error.
    ///
    /// # Errors
    /// The error of `work` where it is not one that is stood in for.
    pub async fn or<T>(
        &self,
        work: impl Future<Output = Result<T, E>>,
        fallback: impl FnOnce(&E) -> T,
    ) -> Result<OrFallback<T, E>, E> {
        self.or_else(work, async move |error: &E| fallback(error)).await
    }

    /// The same with a fallback that has to wait for its value, for instance for a database.
    ///
    /// ```
    /// use esologs::Fallback;
    ///
    /// # async fn download_name() -> Result<String, std::io::Error> { Err(std::io::ErrorKind::TimedOut.into()) }
    /// # async fn name_in_database() -> Option<String> { Some("Wayrest".to_owned()) }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), std::io::Error> {
    /// let older = async |_: &std::io::Error| name_in_database().await.unwrap_or_else(|| "Unknown".to_owned());
    /// let name = Fallback::on_any_error().or_else(download_name(), older).await?;
    /// assert_eq!(name.value, "Wayrest");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The error of `work` where it is not one that is stood in for.
    pub async fn or_else<T>(
        &self,
        work: impl Future<Output = Result<T, E>>,
        fallback: impl AsyncFnOnce(&E) -> T,
    ) -> Result<OrFallback<T, E>, E> {
        match work.await {
            Ok(value) => Ok(OrFallback { value, error: None }),
            Err(error) if self.stands_in_for(&error) => {
                let value = fallback(&error).await;
                Ok(OrFallback { value, error: Some(error) })
            }
            Err(error) => Err(error),
        }
    }
}

impl Fallback<Error> {
    /// For errors of this library: stands in where the service or the way to it is in trouble, and where points are spent. A
    /// "no" passes through: not visible, wrong credentials, no permission, a wrong query; nobody shall take older data for
    /// what they may see now. (Older answers of the service itself are the cache's: [`Cache`](crate::Cache). This is for what comes after
    /// them.)
    ///
    /// ```
    /// # async fn example(client: esologs::Client) -> Result<(), esologs::Error> {
    /// use esologs::Fallback;
    ///
    /// let name = async { Ok(client.guild(3468).get().await?.into_value().name) };
    /// let name = Fallback::in_trouble().or(name, |_| None).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn in_trouble() -> Self {
        Self::when(is_trouble)
    }
}

/// The table of classes says which failures an older answer may cover; an error without a class is judged by whether it passes.
fn is_trouble(error: &Error) -> bool {
    error.class().map_or_else(|| error.is_retryable(), |class| class.rule().stale_may_serve)
}

/// [`Fallback::in_trouble`].
impl Default for Fallback<Error> {
    fn default() -> Self {
        Self::in_trouble()
    }
}

impl<E> Clone for Fallback<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E> fmt::Debug for Fallback<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fallback(..)")
    }
}
