//! What of a site is more than its host takes.

use serde::Serialize;

use super::kind::{Host, HostPlan};
use crate::site::header_rules;

/// How large a site is, in the measures that hosts limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SiteExtent {
    /// How many files the site has.
    pub files: u64,
    /// Bytes.
    pub size: u64,
    /// The largest file, with its bytes.
    pub largest: Option<(String, u64)>,
    /// The folder with the most files, with their number.
    pub fullest: Option<(String, u64)>,
}

impl SiteExtent {
    /// Of files with their bytes.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        let mut extent = Self::default();
        let mut folders = std::collections::BTreeMap::<&str, u64>::new();
        for (path, size) in files {
            extent.files += 1;
            extent.size += size;
            if extent.largest.as_ref().is_none_or(|(_, most)| size > *most) {
                extent.largest = Some((path.to_owned(), size));
            }
            // Folders count too in the folder they are in; here each file stands in one of its own or among many.
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            *folders.entry(folder).or_default() += 1;
            if let Some((parent, _)) = folder.rsplit_once('/')
                && folders[folder] == 1
            {
                *folders.entry(parent).or_default() += 1;
            }
        }
        extent.fullest = folders
            .into_iter()
            .max_by_key(|(_, files)| *files)
            .map(|(folder, files)| (folder.to_owned(), files));
        extent
    }
}

/// Something that a host does not take, or may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excess {
    /// What there is and what the host takes.
    pub reason: String,
    /// What to do about it.
    pub way_out: String,
    /// Whether the host refuses it; otherwise it has been seen to fail.
    pub refused: bool,
}

/// What of a site is more than a host takes.
pub fn excesses(host: &Host, plan: HostPlan, extent: &SiteExtent) -> Vec<Excess> {
    let limits = (host.limits)(plan);
    let name = host.name;
    let mut excesses = Vec::new();
    let mut refuse = |reason: String, way_out: &str| {
        excesses.push(Excess {
            reason,
            way_out: way_out.into(),
            refused: true,
        });
    };
    const ELSEWHERE: &str = "publish to a bucket (deploy.host = \"s3\") or on a server of your own (nginx, caddy), which have no such limit";
    if let Some(most) = limits.files.filter(|most| extent.files > *most) {
        let paid = (host.limits)(HostPlan::Paid).files;
        let way_out = match paid.filter(|paid| plan == HostPlan::Free && extent.files <= *paid) {
            Some(paid) => format!(
                "take a paid plan, which has {paid}, and set deploy.plan = \"paid\"; or narrow site.departements, or publish to a bucket (deploy.host = \"s3\")"
            ),
            None => format!("narrow site.departements, empty build.precompress, or {ELSEWHERE}"),
        };
        refuse(
            format!(
                "{name} takes {most} files, and the site has {}",
                extent.files
            ),
            &way_out,
        );
    }
    if let (Some(most), Some((folder, files))) = (limits.folder_files, &extent.fullest)
        && *files > most
    {
        refuse(
            format!("{name} takes {most} files in one folder, and {folder}/ has {files}"),
            &format!("narrow site.departements, empty build.precompress, or {ELSEWHERE}"),
        );
    }
    if let Some(most) = limits.size.filter(|most| extent.size > *most) {
        refuse(
            format!(
                "{name} takes {} MB, and the site has {} MB",
                most / 1_000_000,
                extent.size.div_ceil(1_000_000)
            ),
            &format!("narrow site.departements, empty build.precompress, or {ELSEWHERE}"),
        );
    }
    if let (Some(most), Some((path, size))) = (limits.file_size, &extent.largest)
        && *size > most
    {
        refuse(
            format!("{name} takes files of up to {most} bytes, and {path} has {size}"),
            "make it smaller in templates/, or publish on a server of your own (nginx, caddy)",
        );
    }
    let rules = header_rules().len() as u64;
    if let Some(most) = limits.header_rules.filter(|most| rules > *most) {
        refuse(
            format!("{name} takes {most} rules in _headers, and the site has {rules}"),
            "publish on a server of your own (nginx, caddy)",
        );
    }
    if let Some(most) = limits
        .files_seen_to_fail
        .filter(|most| extent.files >= *most)
    {
        excesses.push(Excess {
            reason: format!(
                "the site has {} files; deployments to {name} have been seen to get stuck from some {most} on",
                extent.files
            ),
            way_out: format!("watch the first deployment; where it gets stuck, {ELSEWHERE}"),
            refused: false,
        });
    }
    excesses
}

#[cfg(test)]
mod tests {
    use super::super::{branch, caddy, cloudflare_pages, github_pages, netlify, nginx, s3};
    use super::*;

    fn extent(files: u64, size: u64) -> SiteExtent {
        SiteExtent {
            files,
            size,
            largest: Some(("sitemap.xml".into(), size / files)),
            fullest: Some(("ville".into(), files / 2)),
        }
    }

    #[test]
    fn each_limit_is_told_with_its_way_out() {
        let national = extent(70_100, 650_000_000);
        let told = |host: &Host, plan, extent: &SiteExtent| {
            excesses(host, plan, extent)
                .into_iter()
                .map(|excess| (excess.reason, excess.way_out, excess.refused))
                .collect::<Vec<_>>()
        };
        let cloudflare = told(&cloudflare_pages::HOST, HostPlan::Free, &national);
        assert_eq!(cloudflare.len(), 1);
        assert_eq!(
            cloudflare[0].0,
            "Cloudflare Pages takes 20000 files, and the site has 70100"
        );
        assert!(cloudflare[0].1.contains("deploy.plan = \"paid\"") && cloudflare[0].2);
        assert!(told(&cloudflare_pages::HOST, HostPlan::Paid, &national).is_empty());
        let github = told(&github_pages::HOST, HostPlan::Free, &national);
        assert!(github.len() == 1 && !github[0].2, "{github:?}");
        for (host, extent) in [
            (&github_pages::HOST, extent(1_000, 1_000_000_001)),
            (&netlify::HOST, extent(120_000, 1)),
            (&cloudflare_pages::HOST, extent(1, 30 << 20)),
            (&branch::HOST, extent(1, 101 << 20)),
        ] {
            let told = told(host, HostPlan::Free, &extent);
            assert!(told.len() == 1 && told[0].2, "{} {told:?}", host.name);
        }
        for host in [&nginx::HOST, &caddy::HOST, &s3::HOST] {
            assert!(told(host, HostPlan::Free, &national).is_empty());
        }
    }

    #[test]
    fn a_folder_of_folders_is_counted() {
        let pages: Vec<_> = (0..7).map(|n| format!("ville/{n}/index.html")).collect();
        let mut files: Vec<_> = pages.iter().map(|path| (path.as_str(), 10)).collect();
        files.extend([("index.html", 30), ("data/a.json", 5), ("data/b.json", 5)]);
        let extent = SiteExtent::of(files);
        assert_eq!((extent.files, extent.size), (10, 110));
        assert_eq!(extent.largest, Some(("index.html".into(), 30)));
        assert_eq!(extent.fullest, Some(("ville".into(), 7)));
    }
}
