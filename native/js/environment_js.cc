#include <utility>

#include "environment.h"

namespace copytax {
namespace {

/// Returns the buffer that a weak reference still refers to, or null.
napi_value BufferBehind(napi_env env, napi_ref reference) {
  napi_value buffer = nullptr;
  if (reference == nullptr || napi_get_reference_value(env, reference, &buffer) != napi_ok) return nullptr;
  return buffer;
}

bool IsDetached(napi_env env, napi_value buffer) {
  bool detached = false;
  return napi_is_detached_arraybuffer(env, buffer, &detached) == napi_ok && detached;
}

/// False while the environment is being torn down.
bool CanRunScripts(napi_env env) {
  napi_handle_scope scope;
  napi_value global, ignored;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return false;
  const bool can = napi_get_global(env, &global) == napi_ok && napi_coerce_to_bool(env, global, &ignored) == napi_ok;
  napi_close_handle_scope(env, scope);
  return can;
}

}  // namespace

std::unique_ptr<Environment> Environment::Create(napi_env env) {
  Refusal refusal;
  std::shared_ptr<Mapping> memory = Mapping::Create({kListBytes, 64, Lock::kNo, HugePages::kNever, -1}, &refusal);
  if (memory == nullptr) return nullptr;
  return std::unique_ptr<Environment>(new Environment(env, std::move(memory)));
}

Environment::Environment(napi_env env, std::shared_ptr<Mapping> list_memory)
    : env_(env),
      copy_kernels_(CopyKernels()),
      list_memory_(std::move(list_memory)),
      list_(list_memory_->base(), regions_) {
  napi_add_env_cleanup_hook(env_, CleanupHook, this);
}

Environment::~Environment() { Close(); }

void Environment::CleanupHook(void* environment) { static_cast<Environment*>(environment)->Close(); }

napi_value Environment::BufferOf(int region, napi_status* status) {
  const std::shared_ptr<Mapping> mapping = regions_.RegionOf(region)->mapping;
  return BufferFor(&region_views_[region % kMaxRegions], region, mapping->bytes(), mapping, status);
}

napi_value Environment::ListBuffer(napi_status* status) {
  return BufferFor(&list_view_, 0, kListBytes, list_memory_, status);
}

napi_value Environment::BufferFor(View** cached, int region, size_t bytes, const std::shared_ptr<Mapping>& memory,
                                  napi_status* status) {
  *status = napi_ok;
  if (*cached != nullptr && (*cached)->region == region) {
    napi_value buffer = BufferBehind(env_, (*cached)->buffer);
    if (buffer != nullptr && !IsDetached(env_, buffer)) {
      (*cached)->memory = memory;  // may have been closed, and other threads kept the region
      return buffer;
    }
  }
  *cached = nullptr;  // collected, or moved away by a script; its finalizer will release what it owns
  View* view = new View{this, region, memory, memory->addresses()};
  napi_value buffer = nullptr;
  *status = napi_create_external_arraybuffer(env_, memory->base(), bytes, Finalize, view, &buffer);
  if (*status == napi_ok) *status = napi_create_reference(env_, buffer, region == 0 ? 1 : 0, &view->buffer);
  if (*status != napi_ok) {
    // The runtime may have called the finalizer already, may call it later, or never.
    view->memory.reset();
    view->addresses.reset();
    view->owner = nullptr;
    view->state = View::kFailed;
    if (view->finalized) delete view;
    return nullptr;
  }
  view->state = View::kLive;
  view->next = views_;
  if (views_ != nullptr) views_->previous = view;
  views_ = view;
  *cached = view;
  return buffer;
}

void Environment::Unlink(View* view) {
  if (view->previous != nullptr) view->previous->next = view->next;
  if (view->next != nullptr) view->next->previous = view->previous;
  if (views_ == view) views_ = view->next;
  if (list_view_ == view) list_view_ = nullptr;
  View*& cached = region_views_[view->region % kMaxRegions];
  if (cached == view) {
    cached = nullptr;
    regions_.Detach(view->region);
  }
}

bool Environment::CloseRegion(int region) {
  if (regions_.Find(region) == nullptr) return false;
  View* view = region_views_[region % kMaxRegions];
  if (view != nullptr && view->region == region) view->memory.reset();
  return regions_.Detach(region);
}

/// The environment ends, and no script of it runs any more: a buffer that is still its own is detached, which makes its
/// addresses free. Where it is not, a script may have moved the memory to a thread that lives on.
void Environment::Abandon(View* view) {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env_, &scope) != napi_ok) return;
  napi_value buffer = BufferBehind(env_, view->buffer);
  const bool ours = buffer != nullptr && !IsDetached(env_, buffer);
  if (!ours || napi_detach_arraybuffer(env_, buffer) != napi_ok) view->addresses->KeepForever();
  view->memory.reset();
  view->addresses.reset();
  napi_close_handle_scope(env_, scope);
}

void Environment::Close() {
  if (closed_) return;
  closed_ = true;
  napi_remove_env_cleanup_hook(env_, CleanupHook, this);
  for (View* view = views_; view != nullptr;) {
    View* next = view->next;
    Abandon(view);
    view->owner = nullptr;
    view = next;
  }
  views_ = list_view_ = nullptr;
  regions_.DetachAll();
  counters_.Close();
  network_ = {};
}

/// Called when the memory behind a buffer has become unreachable, and also, for every buffer, when the environment is
/// torn down. By then a script may have moved the memory into another buffer (ArrayBuffer.prototype.transfer) and that
/// one to a thread that lives on. Nothing in Node-API tells the cases apart, so the addresses are kept in both.
void Environment::Finalize(napi_env env, void*, void* hint) {
  View* view = static_cast<View*>(hint);
  view->finalized = true;
  if (view->state == View::kCreating) return;
  if (view->addresses != nullptr && !CanRunScripts(env)) view->addresses->KeepForever();
  if (view->owner != nullptr) view->owner->Unlink(view);
  if (view->buffer != nullptr) napi_delete_reference(env, view->buffer);
  delete view;
}

}  // namespace copytax
