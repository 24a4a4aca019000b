#include "sim/firewall/confine.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/system_error.hpp"

namespace loopscope::firewall {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::uint32_t this_architecture = AUDIT_ARCH_RISCV64;
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
constexpr std::uint32_t this_architecture = AUDIT_ARCH_PPC64LE;
#elif defined(__s390x__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_S390X;
#elif defined(__i386__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_I386;
#elif defined(__arm__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_ARM;
#else
#error "name this architecture's AUDIT_ARCH (linux/audit.h)"
#endif
constexpr std::uint32_t x32_bit = 0x40000000;  // __X32_SYSCALL_BIT: another table of numbers

constexpr std::uint32_t forbidden[] = {
#ifdef SYS_open
    SYS_open,           SYS_creat,       SYS_fork,
    SYS_vfork,          SYS_unlink,      SYS_rename,
    SYS_mkdir,          SYS_link,        SYS_symlink,
    SYS_mknod,
#endif
#ifdef SYS_socketcall
    SYS_socketcall,
#endif
    SYS_openat,         SYS_openat2,     SYS_open_by_handle_at,
    SYS_unlinkat,       SYS_mkdirat,     SYS_linkat,
    SYS_symlinkat,      SYS_mknodat,     SYS_renameat2,
    SYS_truncate,       SYS_execve,      SYS_execveat,
    SYS_connect,        SYS_clone3,      SYS_mount,
    SYS_umount2,        SYS_move_mount,  SYS_open_tree,
    SYS_chroot,         SYS_pivot_root,  SYS_setns,
    SYS_unshare,        SYS_ptrace,      SYS_kill,
    SYS_pidfd_open,     SYS_pidfd_getfd, SYS_process_vm_writev,
    SYS_io_uring_setup, SYS_bpf,         SYS_keyctl,
};

sock_filter answer(std::uint32_t what) { return BPF_STMT(BPF_RET | BPF_K, what); }
sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
/// Passes over the next instruction unless the value is this.
sock_filter unless(std::uint32_t value) { return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1); }

std::vector<sock_filter> make_filter() {
  const std::uint32_t denied = SECCOMP_RET_ERRNO | EACCES;
  std::vector<sock_filter> filter{
      load(offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, this_architecture, 1, 0),
      answer(SECCOMP_RET_KILL_PROCESS),
      load(offsetof(seccomp_data, nr)),
  };
#if defined(__x86_64__)
  filter.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, x32_bit, 0, 1));
  filter.push_back(answer(denied));
#endif
  for (const std::uint32_t number : forbidden) {
    filter.push_back(unless(number));
    filter.push_back(answer(denied));
  }
  filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3));
  // The lower half of the first argument, which is an int.
  constexpr std::size_t half = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4;
  filter.push_back(load(offsetof(seccomp_data, args) + half));
  filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0));
  filter.push_back(answer(denied));
  filter.push_back(answer(SECCOMP_RET_ALLOW));
  return filter;
}

}  // namespace

void confine() {
  auto filter = make_filter();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  check("prctl(PR_SET_NO_NEW_PRIVS)", ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  check("prctl(PR_SET_SECCOMP)", ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

}  // namespace loopscope::firewall
