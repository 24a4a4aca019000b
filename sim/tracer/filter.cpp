#include "sim/tracer/filter.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "sim/base/system_error.hpp"
#include "sim/tracer/calls.hpp"

namespace loopscope::tracer {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
#error "the tracer knows x86_64 and aarch64"
#endif

constexpr std::uint32_t x32_bit = 0x40000000;  // arch/x86/include/uapi/asm/unistd.h

constexpr std::uint32_t fails_with(int error) {
  return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(error) & SECCOMP_RET_DATA);
}

/// The program of classic BPF: it looks at the call's number and, of few calls, at one argument.
class Program {
 public:
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
  void load_number() { load(offsetof(seccomp_data, nr)); }
  /// The lower half of an argument, on a little-endian machine.
  void load_argument(int index) { load(offsetof(seccomp_data, args) + sizeof(std::uint64_t) * index); }
  void answer(std::uint32_t action) { add(BPF_RET | BPF_K, action); }
  void if_equal(std::uint32_t value, std::uint32_t action) { test(BPF_JEQ, value, action); }
  void unless_equal(std::uint32_t value, std::uint32_t action) {
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
    answer(action);
  }
  void if_at_least(std::uint32_t value, std::uint32_t action) { test(BPF_JGE, value, action); }
  void if_any_bit(std::uint32_t bits, std::uint32_t action) { test(BPF_JSET, bits, action); }
  /// Where the number is not this one the next `count` instructions are passed over.
  void unless_number_skip(long number, std::uint8_t count) {
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, count));
  }

  void install() {
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    check("prctl(PR_SET_NO_NEW_PRIVS)", ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    check_long("seccomp(SECCOMP_SET_MODE_FILTER)",
               ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
  }

 private:
  void add(int code, std::uint32_t operand) {
    code_.push_back(BPF_STMT(static_cast<unsigned short>(code), operand));
  }
  void test(int condition, std::uint32_t value, std::uint32_t action) {
    code_.push_back(BPF_JUMP(static_cast<unsigned short>(BPF_JMP | condition | BPF_K), value, 0, 1));
    answer(action);
  }
  std::vector<sock_filter> code_;
};

/// A call that is stopped at only where one argument has this value.
void add_conditional(Program& program, long number, int argument, std::uint32_t value, std::uint32_t action) {
  program.unless_number_skip(number, 4);
  program.load_argument(argument);
  program.if_equal(value, action);
  program.answer(SECCOMP_RET_ALLOW);
}

void add_confinement(Program& program, bool traced) {
  const std::uint32_t internet = traced ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW;
  constexpr long forbidden[] = {SYS_unshare,
                                SYS_setns,
                                SYS_mount,
                                SYS_umount2,
                                SYS_pivot_root,
                                SYS_chroot,
                                SYS_mount_setattr,
                                SYS_move_mount,
                                SYS_fsopen,
                                SYS_fsmount,
                                SYS_open_tree,
                                SYS_ptrace,
                                SYS_bpf,
                                SYS_keyctl,
                                SYS_add_key,
                                SYS_request_key,
                                SYS_kexec_load,
                                SYS_fsconfig,
                                SYS_process_vm_writev,
                                SYS_userfaultfd,
                                SYS_perf_event_open};
  for (const long number : forbidden) program.if_equal(static_cast<std::uint32_t>(number), fails_with(EPERM));
  // Other families than these know nothing of network namespaces (AF_VSOCK, AF_ALG…).
  program.unless_number_skip(SYS_socket, 12);
  program.load_argument(0);
  for (const int family : {AF_INET, AF_INET6}) program.if_equal(static_cast<std::uint32_t>(family), internet);
  program.if_equal(AF_PACKET, traced ? fails_with(EAFNOSUPPORT) : SECCOMP_RET_ALLOW);
  for (const int family : {AF_UNIX, AF_NETLINK})
    program.if_equal(static_cast<std::uint32_t>(family), SECCOMP_RET_ALLOW);
  program.answer(fails_with(EAFNOSUPPORT));
  // clone3's flags lie in memory, where a filter can't look; without it libc uses clone.
  program.if_equal(SYS_clone3, fails_with(ENOSYS));
  program.unless_number_skip(SYS_clone, 4);
  program.load_argument(0);
  program.if_any_bit(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                         CLONE_NEWCGROUP,
                     fails_with(EPERM));
  program.answer(SECCOMP_RET_ALLOW);
}

}  // namespace

void install_filter(Confinement confinement) {
  const bool traced = confinement != Confinement::Resident;
  const std::uint32_t stop = traced ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW;
  Program program;
  program.load(offsetof(seccomp_data, arch));
  program.unless_equal(architecture, fails_with(ENOSYS));
  program.load_number();
#if defined(__x86_64__)
  program.if_at_least(x32_bit, fails_with(ENOSYS));
#endif
  program.if_equal(SYS_io_uring_setup, fails_with(ENOSYS));
  // Nothing may be typed into a terminal that the program was given (TIOCSTI of ioctl_tty(2)).
  program.unless_number_skip(SYS_ioctl, 6);
  program.load_argument(1);
  program.if_equal(TIOCSTI, fails_with(EPERM));
  program.if_equal(FIONBIO, stop);
  program.answer(SECCOMP_RET_ALLOW);
  add_conditional(program, SYS_fcntl, 1, F_SETFL, stop);
  if (confinement != Confinement::None) add_confinement(program, traced);
  if (traced) {
    for (const SystemCall& call : traced_calls())
      program.if_equal(static_cast<std::uint32_t>(call.number), SECCOMP_RET_TRACE);
  }
  program.answer(SECCOMP_RET_ALLOW);
  program.install();
}

}  // namespace loopscope::tracer
