//! A file that the program creates itself.

use crate::SharedSlice;
use anyhow::{Result, anyhow, ensure};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A file that this program, or a child process of it, creates.
///
/// It never overwrites or reads a file of another program. Before it removes the file, it looks
/// whether the file is still the same one. (`unlink(2)` takes a name, so another program could
/// replace the file between the two.) Dropping it removes the file, if this program created it.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    /// Device and inode of the file after its creation. They are in shared memory because a
    /// child may create the file. 0 is not an inode number.
    identity: SharedSlice<AtomicU64>,
}

impl NewFile {
    /// Creates a handle for a new file with this name, but not the file itself.
    ///
    /// # Errors
    ///
    /// A file, a folder or a symbolic link of this name exists.
    pub fn at(path: PathBuf) -> Result<Self> {
        let exists = path.symlink_metadata().is_ok();
        ensure!(
            !exists,
            "{} exists already: choose another name",
            path.display()
        );
        let identity = SharedSlice::zeroed(2)?;
        Ok(Self { path, identity })
    }

    /// Creates the file and writes `text` to it: `open(2)` with `O_CREAT` and
    /// `O_EXCL`.
    ///
    /// # Errors
    ///
    /// A file of this name exists by now, or the write fails.
    pub fn write(&self, text: &str) -> Result<()> {
        let mut file = File::create_new(&self.path)
            .map_err(|error| anyhow!("cannot create {}: {error}", self.path.display()))?;
        let metadata = file.metadata()?;
        self.identity[0].store(metadata.dev(), Relaxed);
        self.identity[1].store(metadata.ino(), Relaxed);
        file.write_all(text.as_bytes())
            .map_err(|error| anyhow!("cannot write to {}: {error}", self.path.display()))
    }

    /// Reads the file.
    ///
    /// # Errors
    ///
    /// The file does not exist (`ENOENT`), cannot be read, or belongs to another program.
    pub fn read(&self) -> Result<String> {
        let cannot = |error| anyhow!("cannot read {}: {error}", self.path.display());
        let mut text = String::new();
        let mut file = File::open(&self.path).map_err(cannot)?;
        self.refuse_unless_ours(&file.metadata()?)?;
        file.read_to_string(&mut text).map_err(cannot)?;
        Ok(text)
    }

    /// Removes the file.
    ///
    /// # Errors
    ///
    /// The file does not exist, cannot be removed, or belongs to another program.
    pub fn remove(&self) -> Result<()> {
        let cannot = |error| anyhow!("cannot remove {}: {error}", self.path.display());
        self.refuse_unless_ours(&self.path.symlink_metadata().map_err(cannot)?)?;
        fs::remove_file(&self.path).map_err(cannot)
    }

    fn refuse_unless_ours(&self, metadata: &fs::Metadata) -> Result<()> {
        let ours = self.identity.iter().map(|number| number.load(Relaxed));
        ensure!(
            ours.eq([metadata.dev(), metadata.ino()]),
            "another program has created {}: it stays as it is",
            self.path.display()
        );
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Fails if this program created no file.
        let _ = self.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::NewFile;
    use anyhow::Result;
    use std::fs;
    use tempfile::TempDir;

    #[test]
    fn written_read_and_removed() -> Result<()> {
        let folder = TempDir::new()?;
        let path = folder.path().join("message.txt");
        let file = NewFile::at(path.clone())?;
        let error = file.read().expect_err("it is not there yet").to_string();
        assert!(error.contains("message.txt: No such file"), "{error}");
        file.write("hello")?;
        assert_eq!(file.read()?, "hello");
        let error = file.write("again").expect_err("it is there").to_string();
        assert!(error.contains("File exists"), "{error}");
        file.remove()?;
        assert!(!path.exists());
        Ok(())
    }

    #[test]
    fn dropped_with_its_file() -> Result<()> {
        let folder = TempDir::new()?;
        let path = folder.path().join("message.txt");
        NewFile::at(path.clone())?.write("hello")?;
        assert!(!path.exists());
        Ok(())
    }

    /// The check looks at the file's origin and not at its text.
    #[test]
    fn a_file_from_elsewhere_stays_as_it_is() -> Result<()> {
        let folder = TempDir::new()?;
        let path = folder.path().join("message.txt");
        let file = NewFile::at(path.clone())?;
        file.write("hello")?;
        // Create the new file before removing the old one, so that it gets another inode.
        let other = folder.path().join("other.txt");
        fs::write(&other, "hello")?;
        fs::rename(&other, &path)?;
        for result in [file.read().map(drop), file.remove()] {
            let error = result.expect_err("it comes from elsewhere").to_string();
            assert!(error.contains("another program has created"), "{error}");
        }
        drop(file);
        assert_eq!(fs::read_to_string(&path)?, "hello");
        assert!(NewFile::at(path).is_err());
        Ok(())
    }
}
