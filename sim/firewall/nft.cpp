#include "sim/firewall/nft.hpp"

#include <fcntl.h>
#include <nftables/libnftables.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/firewall/confine.hpp"

namespace loopscope::firewall {
namespace {

constexpr auto patience = std::chrono::seconds(10);
constexpr std::size_t max_answer_bytes = 4 << 20;

struct ContextCloser {
  void operator()(nft_ctx* context) const { nft_ctx_free(context); }
};

// ---- in the child

bool put(int out, const void* bytes, std::size_t size) {
  const auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = ::write(out, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

bool put_text(int out, const char* text) {
  const std::string_view words = text != nullptr ? text : "";
  const auto size = static_cast<std::uint32_t>(words.size());
  return put(out, &size, sizeof size) && put(out, words.data(), words.size());
}

bool answer(int out, nft_ctx* context, const std::string& input) {
  const auto taken = static_cast<std::uint32_t>(nft_run_cmd_from_buffer(context, input.c_str()) == 0);
  return put(out, &taken, sizeof taken) && put_text(out, nft_ctx_get_output_buffer(context)) &&
         put_text(out, nft_ctx_get_error_buffer(context));
}

[[noreturn]] void be_nft(int out, pid_t parent, const std::vector<std::string>& inputs, bool only_check) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  // Nothing of the lab's is within its reach: neither the program's channel nor anybody's socket.
  if (::dup2(out, 3) < 0) ::_exit(1);
  ::close_range(4, ~0U, 0);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, standard);
  try {
    confine();
  } catch (const std::exception&) {
    ::_exit(2);
  }
  const std::unique_ptr<nft_ctx, ContextCloser> context(nft_ctx_new(NFT_CTX_DEFAULT));
  if (!context || nft_ctx_buffer_output(context.get()) != 0 || nft_ctx_buffer_error(context.get()) != 0)
    ::_exit(3);
  nft_ctx_clear_include_paths(context.get());
  nft_ctx_output_set_flags(context.get(), NFT_CTX_OUTPUT_ECHO | NFT_CTX_OUTPUT_HANDLE);
  nft_ctx_set_dry_run(context.get(), only_check);
  for (const std::string& input : inputs) {
    if (!answer(3, context.get(), input)) ::_exit(4);
  }
  ::_exit(0);
}

// ---- in the parent

std::string read_all(int in) {
  std::string all;
  std::array<char, 16384> part;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (all.size() < max_answer_bytes) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wait{in, POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&wait, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    const ssize_t got = ::read(in, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    all.append(part.data(), static_cast<std::size_t>(got));
  }
  return all;
}

class Reader {
 public:
  explicit Reader(const std::string& bytes) : rest_(bytes) {}
  std::uint32_t number() {
    std::uint32_t value = 0;
    if (rest_.size() < sizeof value) throw SystemError("read what nftables answers", EPIPE);
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const std::uint32_t size = number();
    if (rest_.size() < size) throw SystemError("read what nftables answers", EPIPE);
    std::string words(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return words;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::vector<NftAnswer> run_nft(const std::vector<std::string>& inputs, bool only_check) {
  int ends[2];
  check("pipe2", ::pipe2(ends, O_CLOEXEC));
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t child = check("fork for nftables", ::fork());
  if (child == 0) be_nft(writing.get(), parent, inputs, only_check);
  writing.reset();
  const std::string all = read_all(reading.get());
  ::kill(child, SIGKILL);  // it is done, or it never will be
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  Reader reader(all);
  std::vector<NftAnswer> answers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    NftAnswer one;
    one.taken = reader.number() != 0;
    one.output = reader.text();
    one.error = reader.text();
    answers.push_back(std::move(one));
  }
  return answers;
}

}  // namespace loopscope::firewall
