// What one environment (the main thread or a worker) owns: its region table, its work list, its buffers.
#pragma once

#include <node_api.h>

#include <memory>

#include "../copy/work_list.h"
#include "../cpu/counters.h"
#include "../memory/region.h"
#include "../net/handles.h"
#include "../net/sealed_file.h"
#include "../net/xdp_socket.h"

namespace copytax {

class Environment;

/// What of Linux's network an environment has open.
struct Network {
  Handles<Endpoint> endpoints;
  Handles<SealedFile> files;
  Handles<XdpSocket> xdp_sockets;
  Handles<File> packet_sockets;
};

/// One ArrayBuffer over native memory. It keeps the memory until its region is closed here, and the addresses until the
/// runtime says that nothing can reach the buffer any more. Whatever the runtime itself does with a buffer (a write in
/// flight, a job of its thread pool) holds that buffer, so that no address is given away under it.
struct View {
  Environment* owner;               // null once the environment is gone
  int region;                       // 0 for the work list
  std::shared_ptr<Mapping> memory;  // null when closed
  std::shared_ptr<Addresses> addresses;
  napi_ref buffer = nullptr;
  enum { kCreating, kLive, kFailed } state = kCreating;
  bool finalized = false;
  View* previous = nullptr;
  View* next = nullptr;
};

class Environment {
 public:
  /// Returns null when there is no memory for the work list.
  static std::unique_ptr<Environment> Create(napi_env env);
  ~Environment();

  RegionTable& regions() { return regions_; }
  WorkList& list() { return list_; }
  Counters& counters() { return counters_; }
  Network& network() { return network_; }
  const CopyKernel* copy_kernels() const { return copy_kernels_; }

  /// Returns the one ArrayBuffer of an attached region; null, and why in `status`, when the runtime refuses.
  napi_value BufferOf(int region, napi_status* status);
  napi_value ListBuffer(napi_status* status);
  /// Gives up the region and its memory. Returns false when the region was not attached. Its buffer is not detached:
  /// the runtime may be working on it, and takes a buffer that loses its bytes meanwhile for a bug (zlib aborts).
  bool CloseRegion(int region);
  /// Closes everything. Idempotent; nothing of this environment may be called afterwards.
  void Close();

 private:
  Environment(napi_env env, std::shared_ptr<Mapping> list_memory);
  napi_value BufferFor(View** cached, int region, size_t bytes, const std::shared_ptr<Mapping>& memory,
                       napi_status* status);
  void Abandon(View* view);
  void Unlink(View* view);
  static void Finalize(napi_env env, void* data, void* hint);
  static void CleanupHook(void* environment);

  napi_env env_;
  const CopyKernel* copy_kernels_;
  std::shared_ptr<Mapping> list_memory_;
  RegionTable regions_;
  WorkList list_;
  Counters counters_;
  Network network_;
  View* views_ = nullptr;  // all that are not finalized
  View* list_view_ = nullptr;
  View* region_views_[kMaxRegions] = {};  // by id; may be of an earlier region, or of one that is closed
  bool closed_ = false;
};

}  // namespace copytax
