//! Which folders the system says nothing about: network shares, folders of a host in a virtual machine, and single files
//! that are mounted into a container.
//!
//! In: the table of mounts (`/proc/self/mountinfo`, proc(5)), and real paths. Elsewhere than on Linux there is no such table, and
//! no such finding.

use std::path::{Path, PathBuf};

/// Why changes below these paths have to be looked for, if they have to.
pub(super) fn silent<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Option<String> {
    let table = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    silent_in(&table, paths)
}

/// File systems whose changes are made by others than this kernel.
const SILENT: [&str; 18] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "drvfs",
    "fakeowner",
    "glusterfs",
    "grpcfuse",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "osxfs",
    "prl_fs",
    "smb3",
    "vboxsf",
    "virtiofs",
];

fn silent_in<'p>(table: &str, paths: impl IntoIterator<Item = &'p Path>) -> Option<String> {
    let mounts: Vec<(PathBuf, &str)> = table.lines().filter_map(mount).collect();
    paths.into_iter().find_map(|path| {
        // The last of equally long ones is mounted over the others.
        let around = mounts.iter().filter(|(point, _)| path.starts_with(point));
        let (point, kind) = around.max_by_key(|(point, _)| point.components().count())?;
        let shown = path.display();
        if SILENT.contains(kind) || kind.starts_with("fuse") {
            return Some(format!("{shown} lies on {kind}, where changes are not reported"));
        }
        (point == path && path.is_file()).then(|| format!("{shown} is mounted as a single file"))
    })
}

/// `36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw`: the mount point and the kind.
fn mount(line: &str) -> Option<(PathBuf, &str)> {
    let (before, after) = line.split_once(" - ")?;
    let point = before.split(' ').nth(4)?;
    Some((PathBuf::from(unescaped(point)), after.split(' ').next()?))
}

/// Blanks and backslashes are written in octal.
fn unescaped(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &Path) -> Option<String> {
        let file = Path::new(file!()).display().to_string();
        let table = format!(
            "22 1 0:21 / / rw - overlay overlay rw\n23 22 0:9 / /mnt/my\\040share rw shared:1 - nfs4 host:/x rw\n\
             24 22 0:8 / /mnt/host rw - fuse.sshfs x rw\n25 23 0:7 / /mnt/my\\040share/local rw - ext4 /dev/x rw\n\
             26 22 0:6 / {file} rw - ext4 /dev/x rw\n27 22 0:5 / /mnt/folder rw - ext4 /dev/x rw\nnonsense\n"
        );
        silent_in(&table, [path])
    }

    #[test]
    fn shares_and_single_files_are_silent() {
        assert_eq!(found(Path::new("/srv/docs/a.md")), None);
        assert_eq!(found(Path::new("/mnt/my share/local/a.md")), None);
        assert_eq!(found(Path::new("/mnt/folder")), None);
        let share = found(Path::new("/mnt/my share/docs")).unwrap();
        assert_eq!(share, "/mnt/my share/docs lies on nfs4, where changes are not reported");
        assert!(found(Path::new("/mnt/host/docs")).is_some());
        assert!(found(Path::new(file!())).unwrap().ends_with("mounted as a single file"));
    }
}
