// A file that lives in the page cache only, has no name, and cannot shrink under those who map or send it.
#pragma once

#include <cstddef>
#include <memory>

#include "endpoint.h"

namespace copytax {

class SealedFile {
 public:
  /// Returns a file that holds the bytes; null, and why, if Linux refuses.
  static std::unique_ptr<SealedFile> Of(const char* data, size_t bytes, Refusal* refusal);
  ~SealedFile();

  const File& file() const { return file_; }
  /// Its pages, read-only in effect: nothing here writes to them.
  char* map() const { return map_; }
  size_t bytes() const { return bytes_; }

 private:
  SealedFile() = default;

  File file_;
  char* map_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace copytax
