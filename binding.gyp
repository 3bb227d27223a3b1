{
  "variables": { "prebuilt%": 0 },
  "targets": [
    {
      "target_name": "copytax",
      "sources": [
        "native/copy/cache_flush.cc",
        "native/copy/crc32c.cc",
        "native/copy/kernels.cc",
        "native/copy/kernels_arm64.cc",
        "native/copy/kernels_x86.cc",
        "native/copy/timed_copy.cc",
        "native/copy/work_list.cc",
        "native/cpu/cache_line.cc",
        "native/cpu/clock.cc",
        "native/cpuid/confidential.cc",
        "native/cpu/counter_events.cc",
        "native/cpu/counters.cc",
        "native/cpuid/cpu_flags.cc",
        "native/cpuid/cpuid_caches.cc",
        "native/cpu/pulse.cc",
        "native/cpu/thread.cc",
        "native/js/arguments_js.cc",
        "native/js/binding.cc",
        "native/js/build_js.cc",
        "native/js/chase_js.cc",
        "native/js/copy_js.cc",
        "native/js/counters_js.cc",
        "native/js/cpu_js.cc",
        "native/js/environment_js.cc",
        "native/js/list_js.cc",
        "native/js/network/links_js.cc",
        "native/js/network/sockets_js.cc",
        "native/js/network/timed_send_js.cc",
        "native/js/network/xdp_js.cc",
        "native/js/region_js.cc",
        "native/js/thread_js.cc",
        "native/js/timed_copy_js.cc",
        "native/memory/cgroup_memory.cc",
        "native/memory/mapping.cc",
        "native/memory/numa.cc",
        "native/memory/pointer_chase.cc",
        "native/memory/proc_memory.cc",
        "native/memory/region.cc",
        "native/net/endpoint.cc",
        "native/net/links.cc",
        "native/net/sealed_file.cc",
        "native/net/timed_send.cc",
        "native/net/xdp_socket.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "<(SHARED_INTERMEDIATE_DIR)/copytax"],
      "actions": [
        {
          "action_name": "build_facts",
          "message": "Writing what the addon says of its build",
          "inputs": ["package.json", "scripts/build-facts.cjs", "build/copytax.target.mk"],
          "outputs": ["<(SHARED_INTERMEDIATE_DIR)/copytax/build_facts.h"],
          "action": ["node", "scripts/build-facts.cjs", "<@(_outputs)", "<!(node scripts/build-facts.cjs --digest)"]
        }
      ],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
        "NODE_ADDON_API_REQUIRE_BASIC_FINALIZERS",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
      "cflags_cc": ["-std=c++17"],
      "ldflags": ["-Wl,-z,now,-z,nodelete"],
      "conditions": [
        [
          "prebuilt==1",
          {
            "sources": ["native/prebuilt/cpp_runtime.cc"],
            "cflags": ["-include", "<(module_root_dir)/native/prebuilt/older_glibc.h"],
            "ldflags": ["-Wl,--gc-sections", "-Wl,--version-script=<(module_root_dir)/native/prebuilt/exports.map"],
            "libraries": ["-nodefaultlibs", "-lc", "-lgcc"],
            "conditions": [["target_arch=='arm64'", { "cflags": ["-mno-outline-atomics"] }]]
          }
        ]
      ]
    }
  ]
}
