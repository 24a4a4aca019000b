#include "sim/hold/rules.hpp"

#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/xt_NFQUEUE.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "sim/base/errno_name.hpp"

namespace loopscope::hold {
namespace {

constexpr const char* table_name = "loopscope_hold";
constexpr const char* chain_name = "output";
/// Behind all filters (0) and security (50): what a firewall rule drops is never held.
constexpr std::int32_t chain_priority = 300;
constexpr std::uint32_t loopback_index =
    1;  // LOOPBACK_IFINDEX, include/net/flow.h: the same in every namespace
constexpr std::array<std::uint16_t, 2> families{NFPROTO_IPV4, NFPROTO_IPV6};

template <class Thing, void (*free_it)(const Thing*)>
struct Freer {
  void operator()(Thing* thing) const { free_it(thing); }
};
using TablePtr = std::unique_ptr<nftnl_table, Freer<nftnl_table, nftnl_table_free>>;
using ChainPtr = std::unique_ptr<nftnl_chain, Freer<nftnl_chain, nftnl_chain_free>>;
using RulePtr = std::unique_ptr<nftnl_rule, Freer<nftnl_rule, nftnl_rule_free>>;

template <class Pointer>
Pointer owned(typename Pointer::pointer made) {
  if (made == nullptr) throw std::bad_alloc();
  return Pointer(made);
}

/// One nftables transaction: all of it takes effect, or nothing.
class Batch {
 public:
  Batch() : batch_(mnl_nlmsg_batch_start(buffer_.data(), buffer_.size() / 2)) {
    if (batch_ == nullptr) throw std::bad_alloc();
    nftnl_batch_begin(room(), 0);
    mnl_nlmsg_batch_next(batch_);
  }
  ~Batch() { mnl_nlmsg_batch_stop(batch_); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  nlmsghdr* message(std::uint16_t type, std::uint16_t family, std::uint16_t flags) {
    return nftnl_nlmsg_build_hdr(room(), type, family, static_cast<std::uint16_t>(flags | NLM_F_ACK),
                                 ++sequence_);
  }
  void next() { mnl_nlmsg_batch_next(batch_); }

  /// 0, or the errno of the first message that was refused, with its number in `refused`.
  int send(mnl_socket* socket, std::uint32_t& refused) {
    nftnl_batch_end(room(), sequence_ + 1);
    mnl_nlmsg_batch_next(batch_);
    check_long("sendto(nf_tables)",
               mnl_socket_sendto(socket, mnl_nlmsg_batch_head(batch_), mnl_nlmsg_batch_size(batch_)));
    return read_answers(socket, refused);
  }

 private:
  char* room() { return static_cast<char*>(mnl_nlmsg_batch_current(batch_)); }

  /// An answer for each message, or (the batch as a whole is refused) one with number 0.
  int read_answers(mnl_socket* socket, std::uint32_t& refused) const {
    int error = 0;
    for (std::uint32_t answered = 0; answered < sequence_;) {
      std::array<char, 8192> buffer;
      const auto size =
          check_long("recvmsg(nf_tables)", mnl_socket_recvfrom(socket, buffer.data(), buffer.size()));
      int left = static_cast<int>(size);
      for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(header, left);
           header = mnl_nlmsg_next(header, &left)) {
        if (header->nlmsg_type != NLMSG_ERROR) continue;
        const auto* answer = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header));
        ++answered;
        if (answer->error != 0 && error == 0) {
          error = -answer->error;
          refused = header->nlmsg_seq;
        }
        if (answer->error != 0 && header->nlmsg_seq == 0) return error;
      }
    }
    return error;
  }

  std::array<char, 16384> buffer_{};
  mnl_nlmsg_batch* batch_;
  std::uint32_t sequence_ = 0;
};

void add_table(Batch& batch, std::uint16_t family) {
  const auto table = owned<TablePtr>(nftnl_table_alloc());
  nftnl_table_set_str(table.get(), NFTNL_TABLE_NAME, table_name);
  nftnl_table_nlmsg_build_payload(batch.message(NFT_MSG_NEWTABLE, family, NLM_F_CREATE), table.get());
  batch.next();
}

void add_chain(Batch& batch, std::uint16_t family) {
  const auto chain = owned<ChainPtr>(nftnl_chain_alloc());
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TABLE, table_name);
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_NAME, chain_name);
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TYPE, "filter");
  nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_HOOKNUM, NF_INET_LOCAL_OUT);
  nftnl_chain_set_s32(chain.get(), NFTNL_CHAIN_PRIO, chain_priority);
  nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_POLICY, NF_ACCEPT);
  nftnl_chain_nlmsg_build_payload(batch.message(NFT_MSG_NEWCHAIN, family, NLM_F_CREATE), chain.get());
  batch.next();
}

nftnl_expr* expression(const char* name) {
  nftnl_expr* made = nftnl_expr_alloc(name);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

void match_loopback(nftnl_rule* rule) {
  nftnl_expr* load = expression("meta");
  nftnl_expr_set_u32(load, NFTNL_EXPR_META_KEY, NFT_META_OIF);
  nftnl_expr_set_u32(load, NFTNL_EXPR_META_DREG, NFT_REG_1);
  nftnl_rule_add_expr(rule, load);
  nftnl_expr* compare = expression("cmp");
  nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
  nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
  nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_DATA, loopback_index);
  nftnl_rule_add_expr(rule, compare);
}

nftnl_expr* nftables_queue(std::uint16_t number) {
  nftnl_expr* queue = expression("queue");
  nftnl_expr_set_u16(queue, NFTNL_EXPR_QUEUE_NUM, number);
  nftnl_expr_set_u16(queue, NFTNL_EXPR_QUEUE_TOTAL, 1);
  return queue;
}

nftnl_expr* xtables_nfqueue(std::uint16_t number) {
  nftnl_expr* target = expression("target");
  nftnl_expr_set_str(target, NFTNL_EXPR_TG_NAME, "NFQUEUE");
  nftnl_expr_set_u32(target, NFTNL_EXPR_TG_REV, 1);
  constexpr std::size_t aligned = 8;  // XT_ALIGN(sizeof(struct xt_NFQ_info_v1))
  // The expression takes it over and frees it.
  auto* information = static_cast<xt_NFQ_info_v1*>(std::calloc(1, aligned));
  if (information == nullptr) throw std::bad_alloc();
  information->queuenum = number;
  information->queues_total = 1;
  nftnl_expr_set(target, NFTNL_EXPR_TG_INFO, information, aligned);
  return target;  // NOLINT(clang-analyzer-unix.Malloc): `target` owns `information` now
}

void add_rule(Batch& batch, std::uint16_t family, std::uint16_t queue_number, Way way) {
  const auto rule = owned<RulePtr>(nftnl_rule_alloc());
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_TABLE, table_name);
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_CHAIN, chain_name);
  nftnl_rule_set_u32(rule.get(), NFTNL_RULE_FAMILY, family);
  match_loopback(rule.get());
  nftnl_rule_add_expr(
      rule.get(), way == Way::NftablesQueue ? nftables_queue(queue_number) : xtables_nfqueue(queue_number));
  nftnl_rule_nlmsg_build_payload(batch.message(NFT_MSG_NEWRULE, family, NLM_F_CREATE | NLM_F_APPEND),
                                 rule.get());
  batch.next();
}

/// Which of the three things of a family the kernel refused, and with which errno.
struct Refused {
  int error = 0;
  enum class Piece { Table, Chain, Rule } piece{};
  std::uint16_t family{};
};

std::optional<Refused> add_tables(mnl_socket* socket) {
  Batch batch;
  for (const std::uint16_t family : families) {
    add_table(batch, family);
    add_chain(batch, family);
  }
  std::uint32_t refused = 0;
  const int error = batch.send(socket, refused);
  if (error == 0) return std::nullopt;
  if (refused == 0) return Refused{error, Refused::Piece::Table, families[0]};
  return Refused{error, static_cast<Refused::Piece>((refused - 1) % 2), families.at((refused - 1) / 2)};
}

std::optional<Refused> add_rules(mnl_socket* socket, std::uint16_t queue_number, Way way) {
  Batch batch;
  for (const std::uint16_t family : families) add_rule(batch, family, queue_number, way);
  std::uint32_t refused = 0;
  const int error = batch.send(socket, refused);
  if (error == 0) return std::nullopt;
  return Refused{error, Refused::Piece::Rule, families.at(refused == 0 ? 0 : refused - 1)};
}

/// Empties the chains, which stay.
int remove_rules(mnl_socket* socket) {
  Batch batch;
  for (const std::uint16_t family : families) {
    const auto rule = owned<RulePtr>(nftnl_rule_alloc());
    nftnl_rule_set_str(rule.get(), NFTNL_RULE_TABLE, table_name);
    nftnl_rule_set_str(rule.get(), NFTNL_RULE_CHAIN, chain_name);
    nftnl_rule_nlmsg_build_payload(batch.message(NFT_MSG_DELRULE, family, 0), rule.get());
    batch.next();
  }
  std::uint32_t refused = 0;
  return batch.send(socket, refused);
}

void remove_tables(mnl_socket* socket) {
  Batch batch;
  for (const std::uint16_t family : families) {
    const auto table = owned<TablePtr>(nftnl_table_alloc());
    nftnl_table_set_str(table.get(), NFTNL_TABLE_NAME, table_name);
    nftnl_table_nlmsg_build_payload(batch.message(NFT_MSG_DELTABLE, family, 0), table.get());
    batch.next();
  }
  std::uint32_t refused = 0;
  batch.send(socket, refused);
}

std::string words(const Refused& refused, Way way) {
  const std::string family = refused.family == NFPROTO_IPV6 ? "IPv6" : "IPv4";
  const std::string because = " (" + errno_name(refused.error) + ": " + errno_words(refused.error) + ")";
  if (refused.error == EPERM) return "no right to set nftables rules here" + because;
  switch (refused.piece) {
    case Refused::Piece::Table:
      return "this kernel has no nftables (CONFIG_NF_TABLES)" + because;
    case Refused::Piece::Chain:
      return "this kernel's nftables has no filter chains for " + family + " (CONFIG_NF_TABLES_" +
             (refused.family == NFPROTO_IPV6 ? "IPV6" : "IPV4") + ")" + because;
    case Refused::Piece::Rule:
      break;
  }
  if (way == Way::NftablesQueue) return "nftables' queue expression (CONFIG_NFT_QUEUE)" + because;
  return "xtables' NFQUEUE target (CONFIG_NFT_COMPAT and CONFIG_NETFILTER_XT_TARGET_NFQUEUE)" + because;
}

}  // namespace

tl::expected<Rules, std::string> Rules::open(std::uint16_t queue_number) {
  Netlink socket = open_netfilter(SOCK_CLOEXEC);
  if (const auto refused = add_tables(socket.get()))
    return tl::unexpected(words(*refused, Way::NftablesQueue));
  std::string lacking;
  for (const Way way : {Way::NftablesQueue, Way::XtablesNfqueue}) {
    const auto refused = add_rules(socket.get(), queue_number, way);
    if (!refused) {
      remove_rules(socket.get());
      return Rules(std::move(socket), queue_number, way);
    }
    lacking += (lacking.empty() ? "this kernel has neither " : " nor ") + words(*refused, way);
  }
  remove_tables(socket.get());
  return tl::unexpected(lacking);
}

Rules::Rules(Netlink socket, std::uint16_t queue_number, Way way)
    : socket_(std::move(socket)), queue_number_(queue_number), way_(way) {}

Rules::~Rules() {
  if (!socket_) return;
  try {
    remove_tables(socket_.get());
  } catch (const std::exception&) {  // the namespace ends anyway; a destructor has nobody to tell
  }
}

void Rules::install() {
  if (installed_) return;
  if (const auto refused = add_rules(socket_.get(), queue_number_, way_))
    throw SystemError("nftables: " + words(*refused, way_), refused->error);
  installed_ = true;
}

void Rules::remove() {
  if (!installed_) return;
  if (const int error = remove_rules(socket_.get()); error != 0)
    throw SystemError("nftables: delete rules", error);
  installed_ = false;
}

}  // namespace loopscope::hold
