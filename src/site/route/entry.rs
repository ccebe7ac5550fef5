//! An entry of the table of routes.

use crate::site::headers::{self, HeaderRule};
use crate::site::maker::Maker;
use crate::site::open_data::OpenFile;
use crate::site::path::PathPattern;

/// The files of one kind.
pub(in crate::site) struct Route {
    pub pattern: PathPattern,
    /// `None` for files that tell of a run, which are made when a version goes live.
    pub maker: Option<&'static dyn Maker>,
    /// Whether sitemaps list them.
    pub in_sitemaps: bool,
    /// The headers they are served with besides those of all addresses.
    pub headers: &'static [HeaderRule],
    pub upload: UploadStep,
    /// Whether a purge names their addresses.
    pub purged: bool,
    /// What is said of them where programs read them.
    pub open: Option<&'static OpenFile>,
}

/// When a file is uploaded to where visitors get it: what is new is shown only once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadStep {
    /// What pages load.
    Assets,
    /// What pages link to.
    Data,
    /// What shows all that.
    Pages,
    /// What says that all others are there.
    Version,
    /// The host itself reads it, from the folder of the site.
    Never,
}

impl Route {
    pub(super) const fn new(
        pattern: PathPattern,
        maker: Option<&'static dyn Maker>,
        upload: UploadStep,
    ) -> Self {
        Self {
            pattern,
            maker,
            in_sitemaps: false,
            headers: &[],
            upload,
            purged: true,
            open: None,
        }
    }

    pub(super) const fn page(pattern: PathPattern, maker: &'static dyn Maker) -> Self {
        Self::new(pattern, Some(maker), UploadStep::Pages)
    }

    pub(super) const fn data(pattern: PathPattern, maker: &'static dyn Maker) -> Self {
        Self::new(pattern, Some(maker), UploadStep::Data)
    }

    /// Files that other programs read, wherever they run.
    pub(super) const fn open(
        pattern: PathPattern,
        maker: &'static dyn Maker,
        file: &'static OpenFile,
    ) -> Self {
        let mut route = Self::data(pattern, maker).headers(&headers::DATA);
        route.open = Some(file);
        route
    }

    pub(super) const fn in_sitemaps(mut self) -> Self {
        self.in_sitemaps = true;
        self
    }

    pub(super) const fn headers(mut self, rules: &'static [HeaderRule]) -> Self {
        self.headers = rules;
        self
    }

    pub(super) const fn unpurged(mut self) -> Self {
        self.purged = false;
        self
    }
}
