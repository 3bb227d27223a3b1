"""Runs a command that the kernel refuses some system calls, as a seccomp profile of a container or a service does.

usage: refuse-calls.py CALL=ERRNO... -- COMMAND [ARGUMENT]...

CALL is a name of NUMBERS below, ERRNO a name such as EPERM. Exit code 97: there is no seccomp here.
"""
import ctypes
import errno
import os
import struct
import sys

# Numbers of calls on x86-64 and on arm64; None: the architecture has no such call. They are part of the ABI.
NUMBERS = {
    'clone': (56, 220), 'clone3': (435, 435), 'fork': (57, None), 'vfork': (58, None),
    'get_mempolicy': (239, 236), 'getcpu': (309, 168), 'getpriority': (140, 141), 'getrusage': (98, 165),
    'io_uring_setup': (425, 425), 'ioprio_set': (251, 30), 'keyctl': (250, 219), 'madvise': (28, 233),
    'mbind': (237, 235), 'membarrier': (324, 283), 'memfd_create': (319, 279), 'migrate_pages': (256, 238),
    'mlock': (149, 228), 'mlock2': (325, 284), 'mlockall': (151, 230), 'move_pages': (279, 239),
    'perf_event_open': (298, 241), 'pidfd_open': (434, 434), 'prlimit64': (302, 261),
    'process_vm_readv': (310, 270), 'ptrace': (101, 117), 'rseq': (334, 293), 'sched_getaffinity': (204, 123),
    'sched_setaffinity': (203, 122), 'sched_setattr': (314, 274), 'sched_setscheduler': (144, 119),
    'set_mempolicy': (238, 237), 'setpriority': (141, 140), 'shmget': (29, 194), 'sysinfo': (99, 179),
    'timer_create': (222, 107), 'unshare': (272, 97), 'userfaultfd': (323, 282), 'listen': (50, 201),
}
X64 = os.uname().machine == 'x86_64'
AUDIT_ARCH = 0xC000003E if X64 else 0xC00000B7
# Of linux/filter.h, linux/seccomp.h and linux/prctl.h.
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER_MODE = 38, 22, 2
OFFSET_NUMBER, OFFSET_ARCH = 0, 4


def step(code, value, if_true=0, if_false=0):
    return struct.pack('HBBI', code, if_true, if_false, value)


def filter_of(refused):
    """The filter: calls of another architecture pass, those that are named fail, and all others pass."""
    code = step(LOAD, OFFSET_ARCH) + step(JUMP_IF_EQUAL, AUDIT_ARCH, 1, 0) + step(RETURN, ALLOW)
    code += step(LOAD, OFFSET_NUMBER)
    for name, word in refused:
        number = NUMBERS[name][0 if X64 else 1]
        if number is not None:
            code += step(JUMP_IF_EQUAL, number, 0, 1) + step(RETURN, REFUSE | getattr(errno, word))
    return code + step(RETURN, ALLOW)


class Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_void_p)]


def install(code):
    libc = ctypes.CDLL(None, use_errno=True)
    steps = ctypes.create_string_buffer(code, len(code))
    program = Program(len(code) // 8, ctypes.cast(steps, ctypes.c_void_p))
    prctl = lambda option, value, pointer: libc.prctl(option, ctypes.c_ulong(value), pointer, 0, 0)
    if prctl(PR_SET_NO_NEW_PRIVS, 1, None) or prctl(PR_SET_SECCOMP, FILTER_MODE, ctypes.byref(program)):
        print('no seccomp: ' + os.strerror(ctypes.get_errno()), file=sys.stderr)
        sys.exit(97)


if __name__ == '__main__':
    divider = sys.argv.index('--')
    install(filter_of([pair.split('=') for pair in sys.argv[1:divider]]))
    os.execvp(sys.argv[divider + 1], sys.argv[divider + 1:])
