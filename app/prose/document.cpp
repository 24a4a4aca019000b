#include "app/prose/document.hpp"

#include <md4c.h>

#include <array>
#include <charconv>
#include <utility>

namespace loopscope::app::prose {
namespace {

void append_utf8(std::string& out, unsigned code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  if (code < 0x10000)
    return put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F)),
      put(0x80 | (code & 0x3F));
}

/// The character that '&amp;' or '&#8594;' stands for; unknown names stay as they are, as a browser shows
/// them.
std::string resolve_entity(std::string_view entity) {
  static constexpr std::array<std::pair<std::string_view, unsigned>, 16> names{{
      {"&amp;", '&'},
      {"&lt;", '<'},
      {"&gt;", '>'},
      {"&quot;", '"'},
      {"&apos;", '\''},
      {"&nbsp;", 0xA0},
      {"&ndash;", 0x2013},
      {"&mdash;", 0x2014},
      {"&hellip;", 0x2026},
      {"&rarr;", 0x2192},
      {"&larr;", 0x2190},
      {"&times;", 0xD7},
      {"&micro;", 0xB5},
      {"&middot;", 0xB7},
      {"&ne;", 0x2260},
      {"&le;", 0x2264},
  }};
  std::string out;
  if (entity.size() > 3 && entity[1] == '#') {
    const bool hex = entity[2] == 'x' || entity[2] == 'X';
    const auto digits = entity.substr(hex ? 3 : 2, entity.size() - (hex ? 4 : 3));
    unsigned code = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    append_utf8(out, code);
    return out;
  }
  for (const auto& [name, code] : names) {
    if (name == entity) return append_utf8(out, code), out;
  }
  return std::string(entity);
}

/// Collects what md4c reports, block by block.
class Builder {
 public:
  int enter_block(MD_BLOCKTYPE type, void* detail);
  int leave_block(MD_BLOCKTYPE type);
  int enter_span(MD_SPANTYPE type, void* detail);
  int leave_span(MD_SPANTYPE type);
  int text(MD_TEXTTYPE type, std::string_view text);
  Document take() { return std::move(document_); }

 private:
  struct List {
    bool numbered;
    unsigned next;
  };

  Block& open(decltype(Block::body) body) {
    Block block{std::move(body), static_cast<int>(lists_.size()), quotes_, std::exchange(marker_, {})};
    document_.blocks.push_back(std::move(block));
    return document_.blocks.back();
  }
  void start_item(const MD_BLOCK_LI_DETAIL& detail) {
    Marker marker;
    if (!lists_.empty() && lists_.back().numbered) marker.number = std::to_string(lists_.back().next++) + ".";
    if (detail.is_task != 0) marker.done = detail.task_mark != ' ';
    marker_ = marker;
  }
  /// Where inline text goes now. Text of a tight list item comes without a paragraph: one is opened for it.
  Spans& target() {
    if (cell_ != nullptr) return *cell_;
    if (document_.blocks.empty() || marker_.has_value() || !in_text_) open(Paragraph{}), in_text_ = true;
    auto& body = document_.blocks.back().body;
    if (auto* heading = std::get_if<Heading>(&body)) return heading->spans;
    if (auto* paragraph = std::get_if<Paragraph>(&body)) return paragraph->spans;
    return std::get<Paragraph>(open(Paragraph{}).body).spans;
  }
  void add(std::string_view text) {
    auto& spans = target();
    if (!spans.empty() && spans.back().style == style_ && spans.back().link == link_) {
      spans.back().text += text;
    } else {
      spans.push_back({std::string(text), style_, link_});
    }
  }

  Document document_;
  Style style_;
  int link_ = -1;
  int quotes_ = 0;
  std::vector<List> lists_;
  std::optional<Marker> marker_;  ///< of an item whose first block has not come yet
  bool in_text_ = false;          ///< a heading or paragraph is open
  CodeBlock* code_ = nullptr;
  Spans* cell_ = nullptr;
};

int Builder::enter_block(MD_BLOCKTYPE type, void* detail) {
  switch (type) {
    case MD_BLOCK_QUOTE:
      ++quotes_;
      break;
    case MD_BLOCK_UL:
      in_text_ = false;
      lists_.push_back({false, 0});
      break;
    case MD_BLOCK_OL:
      in_text_ = false;
      lists_.push_back({true, static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start});
      break;
    case MD_BLOCK_LI:
      in_text_ = false;
      start_item(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
      break;
    case MD_BLOCK_P:
      open(Paragraph{});
      in_text_ = true;
      break;
    case MD_BLOCK_H:
      open(Heading{static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level), {}});
      in_text_ = true;
      break;
    case MD_BLOCK_CODE: {
      const auto& lang = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang;
      code_ = &std::get<CodeBlock>(
          open(CodeBlock{{}, std::string(lang.text == nullptr ? "" : lang.text, lang.size)}).body);
      break;
    }
    case MD_BLOCK_HR:
      open(Rule{});
      break;
    case MD_BLOCK_TABLE:
      open(Table{});
      break;
    case MD_BLOCK_TR:
      std::get<Table>(document_.blocks.back().body).rows.emplace_back();
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: {
      auto& table = std::get<Table>(document_.blocks.back().body);
      const auto align = static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align;
      if (table.rows.size() == 1) {
        table.aligns.push_back(align == MD_ALIGN_RIGHT    ? Align::Right
                               : align == MD_ALIGN_CENTER ? Align::Center
                                                          : Align::Left);
      }
      cell_ = &table.rows.back().emplace_back();
      style_.bold = type == MD_BLOCK_TH;
      break;
    }
    default:
      break;
  }
  return 0;
}

int Builder::leave_block(MD_BLOCKTYPE type) {
  switch (type) {
    case MD_BLOCK_QUOTE:
      --quotes_;
      break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
      lists_.pop_back();
      in_text_ = false;
      break;
    case MD_BLOCK_LI:
      if (marker_) open(Paragraph{});  // an item with nothing in it still has its marker
      in_text_ = false;
      break;
    case MD_BLOCK_P:
    case MD_BLOCK_H:
      in_text_ = false;
      break;
    case MD_BLOCK_CODE:
      if (!code_->text.empty() && code_->text.back() == '\n') code_->text.pop_back();
      code_ = nullptr;
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      cell_ = nullptr;
      style_.bold = false;
      break;
    default:
      break;
  }
  return 0;
}

int Builder::enter_span(MD_SPANTYPE type, void* detail) {
  switch (type) {
    case MD_SPAN_STRONG:
      style_.bold = true;
      break;
    case MD_SPAN_EM:
      style_.italic = true;
      break;
    case MD_SPAN_CODE:
      style_.code = true;
      break;
    case MD_SPAN_DEL:
      style_.strike = true;
      break;
    case MD_SPAN_A: {
      const auto& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
      link_ = static_cast<int>(document_.links.size());
      document_.links.emplace_back(href.text, href.size);
      break;
    }
    default:
      break;
  }
  return 0;
}

int Builder::leave_span(MD_SPANTYPE type) {
  switch (type) {
    case MD_SPAN_STRONG:
      style_.bold = false;
      break;
    case MD_SPAN_EM:
      style_.italic = false;
      break;
    case MD_SPAN_CODE:
      style_.code = false;
      break;
    case MD_SPAN_DEL:
      style_.strike = false;
      break;
    case MD_SPAN_A:
      link_ = -1;
      break;
    default:
      break;
  }
  return 0;
}

int Builder::text(MD_TEXTTYPE type, std::string_view text) {
  if (code_ != nullptr) {
    code_->text += text;
    return 0;
  }
  switch (type) {
    case MD_TEXT_SOFTBR:
      add(" ");
      break;
    case MD_TEXT_BR:
      add("\n");
      break;
    case MD_TEXT_ENTITY:
      add(resolve_entity(text));
      break;
    case MD_TEXT_NULLCHAR:
      add("\xEF\xBF\xBD");
      break;
    default:
      add(text);
  }
  return 0;
}

}  // namespace

std::string plain(const Spans& spans) {
  std::string out;
  for (const auto& span : spans) out += span.text;
  return out;
}

Document parse(std::string_view markdown) {
  MD_PARSER parser{};
  parser.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* data) {
    return static_cast<Builder*>(data)->enter_block(type, detail);
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* data) {
    return static_cast<Builder*>(data)->leave_block(type);
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* data) {
    return static_cast<Builder*>(data)->enter_span(type, detail);
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* data) {
    return static_cast<Builder*>(data)->leave_span(type);
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* data) {
    return static_cast<Builder*>(data)->text(type, {text, size});
  };
  Builder result;
  md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &result);
  return result.take();
}

}  // namespace loopscope::app::prose
