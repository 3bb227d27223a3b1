// What one environment (the main thread or a worker) owns: its region table, its work list, its buffers.
#pragma once

#include <node_api.h>

#include <memory>

#include "../copy/work_list.h"
#include "../cpu/counters.h"
#include "../memory/region.h"

namespace copytax {

class Environment;

/// One ArrayBuffer over native memory. It keeps the memory mapped until the runtime says that the buffer cannot be
/// reached any more, or until the buffer has been detached here.
struct View {
  Environment* owner;  // null once the environment is gone
  int region;          // 0 for the work list
  std::shared_ptr<Mapping> pin;
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
  const CopyKernel* copy_kernels() const { return copy_kernels_; }

  /// Returns the one ArrayBuffer of an attached region; null, and why in `status`, when the runtime refuses.
  napi_value BufferOf(int region, napi_status* status);
  napi_value ListBuffer(napi_status* status);
  /// Detaches the buffer and the region. Returns false when the region was not attached.
  bool CloseRegion(int region);
  /// Closes everything. Idempotent; nothing of this environment may be called afterwards.
  void Close();

 private:
  Environment(napi_env env, std::shared_ptr<Mapping> list_memory);
  napi_value BufferFor(View** cached, int region, size_t bytes, std::shared_ptr<Mapping> pin, napi_status* status);
  void Disarm(View* view, bool leaving);
  void Unlink(View* view);
  static void Finalize(napi_env env, void* data, void* hint);
  static void CleanupHook(void* environment);

  napi_env env_;
  const CopyKernel* copy_kernels_;
  std::shared_ptr<Mapping> list_memory_;
  RegionTable regions_;
  WorkList list_;
  Counters counters_;
  View* views_ = nullptr;  // all that are not finalized
  View* list_view_ = nullptr;
  View* region_views_[kMaxRegions] = {};
  bool closed_ = false;
};

}  // namespace copytax
