{
  "targets": [
    {
      "target_name": "copytax",
      "sources": [
        "arguments_js.cc",
        "binding.cc",
        "cache_flush.cc",
        "cache_line.cc",
        "cgroup_memory.cc",
        "clock.cc",
        "copy_js.cc",
        "counters.cc",
        "counters_js.cc",
        "cpu_flags.cc",
        "cpu_js.cc",
        "crc32c.cc",
        "environment_js.cc",
        "kernels.cc",
        "kernels_arm64.cc",
        "kernels_x86.cc",
        "list_js.cc",
        "mapping.cc",
        "numa.cc",
        "proc_memory.cc",
        "region.cc",
        "region_js.cc",
        "thread.cc",
        "thread_js.cc",
        "timed_copy.cc",
        "timed_copy_js.cc",
        "work_list.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
        "NODE_ADDON_API_REQUIRE_BASIC_FINALIZERS",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
      "cflags_cc": ["-std=c++17"],
      "ldflags": ["-Wl,-z,now,-z,nodelete"]
    }
  ]
}
