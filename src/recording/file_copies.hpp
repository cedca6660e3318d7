#pragma once

#include <string>

namespace eprop::recording {

/// An output file that is whole at any moment, whatever happens to those who write it. What is
/// written goes into a second file beside it, the draft. When that is complete it takes the place
/// of the first one by rename(), which is the draft of the next round then: it lacks what the last
/// round has written. The file that is at the path is never written to.
///
/// This is for one process, which has locked the path; it knows nothing of what is in the files.
/// All failures are WriteErrors.
class FileCopies {
 public:
  /// `path`: a regular file, or none in a folder. Removes the drafts that others have left there,
  /// who can no longer put them in the place of the file. `output` is what it is called in
  /// messages.
  FileCopies(std::string path, std::string output);
  FileCopies(const FileCopies&) = delete;
  FileCopies& operator=(const FileCopies&) = delete;
  /// Removes the draft.
  ~FileCopies();

  /// The path of the draft, which stays the same.
  [[nodiscard]] const std::string& draft() const { return draft_; }

  /// How a draft has come to be.
  enum class Draft {
    copied,  ///< it equals the file
    older    ///< the file of the publish() before the last; it lacks what the last one has added
  };
  /// Makes a draft of the file at the path. It is a copy if there is no other, or if somebody uses
  /// what would be the draft, perhaps to read: they keep it as it is.
  [[nodiscard]] Draft begin();

  /// Hands the draft to the disk and puts it in the place of the file, unless that is not the one
  /// that was there. HDF5 elsewhere may open the file to read, but not to write.
  void publish();

 private:
  /// Whether what is at the path is what publish() has put there, or nothing.
  [[nodiscard]] bool is_ours() const;
  [[nodiscard]] bool is_used_by_others() const;

  std::string path_, output_;
  std::string draft_;
  std::string kept_;        ///< a further name of the file, while the draft takes its place
  bool has_older_ = false;  ///< at draft_
  int published_ = -1;      ///< what is at the path and ours
};

/// Hands what has been written to the file `path` to the disk, as far as this machine has it. A
/// WriteError names `output`.
void write_to_disk(const std::string& path, const std::string& output);

}  // namespace eprop::recording
