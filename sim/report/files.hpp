// A report as files in a directory, all or none.
#pragma once

#include <string>
#include <vector>

namespace longhaul::report {

struct OutputFile {
  std::string name;
  std::string content;
};

/// Makes `directory` (and what leads to it) if need be. Throws InputError if it cannot be written
/// to.
void require_writable_directory(const std::string& directory);

/// Writes each file under a temporary name, and only when all are on disk renames them to their
/// own. Throws RunError (disk full, ...) and then leaves no file of its own behind, nor one half
/// written.
void write_files(const std::string& directory, const std::vector<OutputFile>& files);

/// One file, the same way. Throws RunError.
void write_file(const std::string& path, const std::string& content);

}  // namespace longhaul::report
