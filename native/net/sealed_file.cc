#include "sealed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

// Of Linux 3.17, which the headers of an old C library do not have.
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1
#define MFD_ALLOW_SEALING 2
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_SEAL_SEAL 1
#define F_SEAL_SHRINK 2
#define F_SEAL_GROW 4
#endif

namespace copytax {

std::unique_ptr<SealedFile> SealedFile::Of(const char* data, size_t bytes, Refusal* refusal) {
  std::unique_ptr<SealedFile> made(new SealedFile());
  const auto refused = [&](const char* call) {
    refusal->call = call;
    refusal->error = errno;
    return std::unique_ptr<SealedFile>();
  };
  made->file_ = File(static_cast<int>(syscall(SYS_memfd_create, "copytax", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  const int file = made->file_.number();
  if (file < 0) return refused("memfd_create");
  for (size_t written = 0; written < bytes;) {
    const ssize_t now = write(file, data + written, bytes - written);
    if (now < 0 && errno != EINTR) return refused("write");
    if (now > 0) written += static_cast<size_t>(now);
  }
  // Not fcntl, by whose name the compiler asks for one of glibc 2.28, which musl does not have.
  if (syscall(SYS_fcntl, file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return refused("fcntl(F_ADD_SEALS)");
  }
  void* map = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) return refused("mmap");
  made->map_ = static_cast<char*>(map);
  made->bytes_ = bytes;
  return made;
}

SealedFile::~SealedFile() {
  if (map_ != nullptr) munmap(map_, bytes_);
}

}  // namespace copytax
