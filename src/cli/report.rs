//! `--report FORM=FILE`: what a run is written to, and whether it can be, asked before the run.

use super::shown;
use crate::generation::Generation;
use crate::scenario::report::{Report, html, json, junit};
use std::path::{Path, PathBuf};

/// A report and where it goes.
#[derive(Clone, Debug)]
pub(super) struct ReportFile {
    form: ReportForm,
    path: PathBuf,
}

#[derive(Clone, Copy, Debug)]
enum ReportForm {
    Junit,
    Json,
    Html,
}

impl ReportFile {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (form, path) = text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or("write FORM=FILE")?;
        let form = match form {
            "junit" => ReportForm::Junit,
            "json" => ReportForm::Json,
            "html" => ReportForm::Html,
            _ => return Err("the forms are junit, json and html".to_owned()),
        };
        Ok(Self { form, path: PathBuf::from(path) })
    }

    /// The sentence that says why one of them could not be written. Leaves no file behind.
    pub(super) fn check(all: &[Self]) -> Result<(), String> {
        all.iter().try_for_each(|file| file.writable().map_err(|error| file.failed(&error)))
    }

    fn writable(&self) -> std::io::Result<()> {
        match std::fs::metadata(&self.path) {
            Ok(there) if there.is_dir() => Err(std::io::Error::from(std::io::ErrorKind::IsADirectory)),
            Ok(there) if there.is_file() => std::fs::File::options().append(true).open(&self.path).map(drop),
            Ok(_) => Ok(()), // a pipe or a terminal: to open it may be seen, or wait
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
                tempfile::tempfile_in(folder.unwrap_or(Path::new("."))).map(drop)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes it; the sentence that says why it cannot be.
    pub(super) fn write(&self, report: &Report, generation: &Generation) -> Result<(), String> {
        let text = match self.form {
            ReportForm::Junit => junit::draw(report, generation),
            ReportForm::Json => format!("{:#}\n", json::draw(report)),
            ReportForm::Html => html::draw(report),
        };
        std::fs::write(&self.path, text).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &std::io::Error) -> String {
        format!("--report {}: {error}", shown(&self.path))
    }
}
