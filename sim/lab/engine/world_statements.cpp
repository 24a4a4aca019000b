#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/errno_name.hpp"
#include "sim/base/system_error.hpp"
#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/trouble.hpp"
#include "sim/sandbox/links.hpp"
#include "sim/sandbox/prepare.hpp"
#include "sim/sandbox/settings.hpp"

/// Statements that change the world rather than have a process do something.
namespace loopscope::lab {
namespace {

using namespace experiment;
using Done = tl::expected<void, std::string>;

/// A name without any way out of the folder.
bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() < 200 && name != "." && name != ".." &&
         name.find_first_of(std::string("/\0", 2)) == std::string::npos;
}

/// `house`: its working folder, whose files its inhabitants may change; -1: the world's own.
Done write_file(const FileDecl& file, int house) {
  if (!is_file_name(file.name)) {
    return trouble("'" + file.name + "' is not a file's name: it lies in the working folder, without any /");
  }
  const bool in_house = house >= 0;
  const std::string path = (in_house ? "" : std::string(sandbox::working_folder) + "/") + file.name;
  // O_NOFOLLOW: a process of the experiment may not turn our write elsewhere by a link.
  const UniqueFd out(::openat(in_house ? house : AT_FDCWD, path.c_str(),
                              O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  const bool is_script = !file.lines.empty() && file.lines.front().rfind("#!", 0) == 0;
  if (in_house && out.valid()) (void)::fchmod(out.get(), is_script ? 0777 : 0666);
  std::string text;
  for (const std::string& line : file.lines) text += line + "\n";
  std::string_view rest = text;
  ssize_t written = out.valid() ? 0 : -1;
  for (; written >= 0 && !rest.empty();
       rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)))) {
    written = ::write(out.get(), rest.data(), rest.size());
  }
  if (written < 0) return trouble("cannot write the file " + file.name + ": " + errno_words(errno));
  return {};
}

}  // namespace

struct Engine::Changes {
  Engine& engine;
  bool outside = false;

  /// The host that a statement changes.
  [[nodiscard]] tl::expected<HostPart*, std::string> on(const std::string& host, const char* what) const {
    if (!engine.machine_) return engine.host(host);
    return trouble(std::string("`") + what + "` would change this machine: it needs a private world");
  }
  void changed(const Body& body, const std::string& host = std::string(here)) const {
    engine.reporter_.say_now(trace::WorldChanged{host, to_string(Statement{{}, body, {}})});
  }
  /// What throws SystemError is the machine's answer to the statement, not the lab's end.
  template <typename Change>
  Done changing(const Body& body, const HostPart& part, const Change& change) const {
    try {
      const auto visit = part.visit();
      change();
    } catch (const SystemError& error) {
      return trouble("cannot " + error.call() + ": " + errno_name(error.error_number()) + " (" +
                     errno_words(error.error_number()) + ")");
    }
    changed(body, part.name);
    return {};
  }

  Done operator()(const ProcessDecl& process) const {
    return engine.make_actor(process.name, process.as_root, process.host);
  }
  Done operator()(const DeviceDecl& device) const {
    const auto part = on(device.host, "device");
    if (!part) return trouble(part.error());
    return changing(device, **part, [&] {
      if (!engine.hub_) engine.hub_ = sandbox::make_hub_namespace();
      sandbox::Links().add_device(device.name, engine.hub_->get());
      (*part)->packets.watch(Packets::capture_on(device.name));
    });
  }
  Done operator()(const AddressDecl& address) const {
    const auto part = on(address.host, "address");
    if (!part) return trouble(part.error());
    return changing(address, **part,
                    [&] { sandbox::Links().add_address(address.device, address.ip, address.prefix_length); });
  }
  Done operator()(const SysctlDecl& sysctl) const {
    const auto part = on(sysctl.host, "sysctl");
    if (!part) return trouble(part.error());
    const auto visit = (*part)->visit();  // /proc/sys/net is that of who looks
    if (auto written = sandbox::write_setting(sysctl.name, sysctl.value); !written) return written;
    changed(sysctl, (*part)->name);
    return {};
  }
  Done operator()(const FileDecl& file) const {
    if (auto allowed = on("", "file"); !allowed) return trouble(allowed.error());
    const int house = engine.house_ && !outside ? engine.house_->folder() : -1;
    if (auto written = write_file(file, house); !written) return written;
    engine.reporter_.say_now(trace::WorldChanged{std::string(here), "file " + file.name});
    return {};
  }
  Done operator()(const PatienceDecl& patience) const {
    engine.patience_ = std::chrono::ceil<Milliseconds>(patience.time);
    return {};
  }
  Done operator()(const PacketsDecl& packets) const {
    if (auto done = engine.packets_statement(packets); !done) return done;
    changed(packets, packets.where.empty() ? std::string(here) : packets.where);
    return {};
  }
  /// All hosts are there from the start.
  Done operator()(const HostDecl& host) const {
    if (engine.setup_.here) return trouble("a further `host` needs a private world");
    if (const auto known = engine.host(host.name); !known) return trouble(known.error());
    return {};
  }
  Done operator()(const FirewallDecl& firewall) const {
    const auto part = on(firewall.host, "firewall");
    if (!part) return trouble(part.error());
    Gate& gate = (*part)->gate;
    if (firewall.clear) return changing(firewall, **part, [&] { gate.clear(); });
    {
      const auto visit = (*part)->visit();
      if (auto added = gate.add(firewall); !added) return added;
    }
    changed(firewall, (*part)->name);
    return {};
  }
  /// Words for the reader.
  template <typename Other>
  Done operator()(const Other&) const {
    return {};
  }
};

tl::expected<void, std::string> Engine::change_world(const Body& body, bool outside) {
  return std::visit(Changes{*this, outside}, body);
}

/// The packet that a statement lets go may still be on its way: an acknowledgment that the kernel delays
/// (40 ms), the answer to what was let go just before.
bool Engine::may_await(const PacketsDecl& packets) {
  const bool lets_go = packets.action == PacketsAction::Pass || packets.action == PacketsAction::Drop;
  if (!lets_go || !packets.count) return false;
  const auto at = place(packets.where);
  return at && (*at)->holding();
}

void Engine::try_to_let_go(Job& job) {
  const auto& packets = std::get<PacketsDecl>(job.what.statement.body);
  take_packets();
  const auto at = place(packets.where);
  if (at && (*at)->count_held(std::nullopt) < packets.count.value_or(0) && monotonic_now() < job.deadline)
    return;
  const auto done = change_world(packets);
  finish(job, "", done ? "" : done.error());
}

tl::expected<void, std::string> Engine::packets_statement(const PacketsDecl& packets) {
  const auto at = place(packets.where);
  if (!at) return trouble(at.error());
  switch (packets.action) {
    case PacketsAction::Hold:
      (*at)->hold_for_experiment(true);
      return {};
    case PacketsAction::Flow:
      (*at)->hold_for_experiment(false);
      return {};
    case PacketsAction::Pass:
    case PacketsAction::Drop:
      break;
  }
  const auto verdict =
      packets.action == PacketsAction::Drop ? trace::Verdict::Dropped : trace::Verdict::Passed;
  if ((*at)->release_oldest(packets.count, verdict) == 0 && packets.count.value_or(0) > 0) {
    return trouble("no packet is held at this moment");
  }
  return {};
}

}  // namespace loopscope::lab
