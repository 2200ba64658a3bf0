//! Where one sign-in is kept.

use std::path::{Path, PathBuf};

use crate::config::Endpoint;

/// The file of one sign-in, with its lock beside it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    folder: PathBuf,
    file: PathBuf,
    /// The host that it is for; a file that says otherwise is not used.
    service: String,
}

impl Place {
    /// `FOLDER/PROFILE/HOST.WHAT.json`.
    pub(super) fn new(folder: &Path, profile: &str, endpoint: &Endpoint, what: &str) -> Self {
        let service = endpoint.base_url();
        let folder = folder.join(profile);
        let file = folder.join(format!("{}.{what}.json", file_name(&service)));
        Self { folder, file, service }
    }

    /// The same place, of which another file is known.
    pub(super) fn sibling(&self, file: PathBuf) -> Self {
        Self { file, ..self.clone() }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.file.with_extension("lock")
    }
}

/// Host, port and path as a name that every file system takes.
fn file_name(service: &str) -> String {
    let address = service.split_once("://").map_or(service, |(_, address)| address).trim_end_matches('/');
    address.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_a_file_of_its_own() {
        let name = |url: &str| file_name(&Endpoint::new(url).unwrap().base_url());
        assert_eq!(name("https://www.esologs.com"), "www.esologs.com");
        assert_eq!(name("http://127.0.0.1:8787"), "127.0.0.1_8787");
        assert_eq!(name("https://proxy.example.org/eso/"), "proxy.example.org_eso");
    }
}
