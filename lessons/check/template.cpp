#include "lessons/check/template.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/durable_file.hpp"
#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons::check {
namespace {

namespace fs = std::filesystem;

// A lesson that is true as it stands: TITLE and NUMBER are put in, the rest is for the teacher to write over.
constexpr const char* page_text = R"(# TITLE

What this lesson is about, in one sentence.

| Lesson | Part | Minutes |
| --- | --- | --- |
| NUMBER | 1 | 10 |

## Question: Who gets the port?

Two programs want the same door, 127.0.0.1:62893. Say here why that matters to your readers.

## Predict: A second one comes

A server listens at 127.0.0.1:62893. Now a rival asks for the same address and port.

Experiment: [rival.lab](rival.lab), step by call

### Prediction: What does the rival's bind return?

Asked at `rival: bind(r, 127.0.0.1:62893)`:

- [ ] `ok`: the kernel shares it out
  > It shares only where both programs have asked for that, with SO_REUSEPORT.
- [x] `EADDRINUSE`: the door is taken
  > The first to ask has it, for as long as its socket is open.

## Watch: What happened

Go back and forth with the steps. The server's socket is in the state LISTEN, and the rival has none.

## Why: One door, one listener

The kernel keeps a table of its sockets. A `bind` for an address and a port that a listener has fails.

*Shown by [rival.lab](rival.lab): `rival: bind(r, 127.0.0.1:62893) = EADDRINUSE`, `expect LISTEN 127.0.0.1:62893 by server`.*

*Rests on bind(2), ip(7).*

## Change: Let the rival in

The rival must get this very door. What has to happen first?

**Do:** The rival binds again

```lab
rival: bind(r, 127.0.0.1:62893)
rival: listen(r, 16)
```

**Do:** Stop the server

```lab
kill server
```

**Do:** The rival asks for 62894

```lab
rival: q = socket(AF_INET, SOCK_STREAM)
rival: bind(q, 127.0.0.1:62894)
rival: listen(q, 16)
```

**Goal, in this order:** The rival listens at 127.0.0.1:62893.

```lab
kill server                                  # whoever has the door gives it up
rival: bind(r, 127.0.0.1:62893) = ok         # then the rival gets it
expect LISTEN 127.0.0.1:62893 by rival       # and listens there
```

*Solved by `Stop the server`, `The rival binds again`.*

## Check: Both at once

Now both are to run. The server stays where it is; find a door for the rival, and let a client call it.

Experiment: [both.lab](both.lab), step by call

**Do:** A client calls the rival

```lab
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62894)
```

**Do:** Stop the server

```lab
kill server
```

**Do:** The rival asks for 62894

```lab
rival: r = socket(AF_INET, SOCK_STREAM)
rival: bind(r, 127.0.0.1:62894)
rival: listen(r, 16)
```

**Goal:** Both listen, and a client has reached the rival.

```lab
client: connect(c, 127.0.0.1:62894) = ok     # a client reaches the rival
expect LISTEN 127.0.0.1:62893 by server      # the server still has its door (start over if it has not)
expect LISTEN 127.0.0.1:62894 by rival       # the rival has one of its own
```

*Solved by `The rival asks for 62894`, `A client calls the rival`.*

### Quiz: who has it

A program says 'Address already in use' for 127.0.0.1:8080. What is the first thing to find out?

*Numbers: 8080 is any of 1024–9999.*

- [ ] Which firewall rule is in the way
  > A firewall looks at packets. A bind sends none.
- [x] Which process has that door
  > The error says that somebody has it: `ss -ltnp` tells who.
- [ ] Whether the network is up
  > This address never leaves the machine; no network is asked.

*Shown by [rival.lab](rival.lab): `rival: bind(r, 127.0.0.1:62893) = EADDRINUSE`.*

## Try it

### Who has the port?

**Linux**, from its manual page:

```console
$ ss -ltnp
```
)";

constexpr const char* experiment_text = R"(title  A rival for the door

== A server
> It gets its door, and listens there.
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893)             = ok
server: listen(s, 16)                        = ok

== A rival
> Another program asks for the same address and port.
rival: r = socket(AF_INET, SOCK_STREAM)
rival: bind(r, 127.0.0.1:62893)              ?= EADDRINUSE
expect LISTEN 127.0.0.1:62893 by server
)";

void put(std::string& text, const std::string& mark, const std::string& words) {
  if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), words);
}

constexpr const char* second_text = R"(title  A door for each

== A server
> It has its door already.
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893)             = ok
server: listen(s, 16)                        = ok
)";

/// '07' of '07-doors'; 0: it has no number.
int number_of(const std::string& name) {
  const bool two = name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[0])) != 0 &&
                   std::isdigit(static_cast<unsigned char>(name[1])) != 0 && name[2] == '-';
  return two ? std::stoi(name.substr(0, 2)) : 0;
}

int next_free(const fs::path& course) {
  int last = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(course, none))
    last = std::max(last, number_of(entry.path().filename().string()));
  return last + 1;
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// 'My first socket' of 'my-first-socket'.
std::string title_of(std::string name) {
  std::replace(name.begin(), name.end(), '-', ' ');
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

/// A line '3. [Title](03-name/lesson.md)' at the end of the course's list.
tl::expected<void, std::string> list_in(const fs::path& manifest, int number, const std::string& name,
                                        const std::string& title) {
  std::string text = "# My lessons\n\nWhat this course is about.\n\n## Part 1: Lessons\n\n";
  std::error_code none;
  if (fs::exists(fs::symlink_status(manifest, none))) {
    auto known = read_small_file(manifest.string(), max_lesson_bytes, Origin::Stranger);
    if (!known) return tl::unexpected(manifest.string() + ": " + known.error());
    text = std::move(*known);
    if (!text.empty() && text.back() != '\n') text += '\n';
  }
  text += std::to_string(number) + ". [" + title + "](" + name + "/lesson.md)\n";
  return write_durably(manifest.string(), text);
}

struct Place {
  fs::path course;
  std::string name, title;
  int number = 0;
};

tl::expected<Place, std::string> place_for(const std::string& wish, const std::string& here) {
  const fs::path path = fs::path(wish).lexically_normal();
  const std::string last = (path.has_filename() ? path : path.parent_path()).filename().string();
  const bool is_folder = wish.find('/') != std::string::npos || number_of(last) > 0;
  Place place;
  if (!is_folder) {
    place.course = here;
    place.title = wish;
    place.number = next_free(place.course);
  } else {
    place.course = (path.has_filename() ? path : path.parent_path()).parent_path();
    if (place.course.empty()) place.course = here;
    place.number = number_of(last) > 0 ? number_of(last) : next_free(place.course);
    place.title = title_of(number_of(last) > 0 ? last.substr(3) : last);
  }
  if (place.number > 99) return tl::unexpected(std::string("a course has lessons 1 to 99"));
  const std::string words = folder_name_of(place.title);
  if (words.empty())
    return tl::unexpected("'" + wish + "' has no letter in it; give a title like 'My first socket'");
  place.name = two_digits(place.number) + "-" + words;
  return place;
}

}  // namespace

Template template_for(int number, const std::string& title) {
  std::string text = page_text;
  put(text, "TITLE", title);
  put(text, "NUMBER", std::to_string(number));
  return {{{"lesson.md", text}, {"rival.lab", experiment_text}, {"both.lab", second_text}}};
}

std::string folder_name_of(const std::string& title) {
  std::string name;
  for (const unsigned char c : title) {
    if (c < 0x80 && std::isalnum(c) != 0)
      name += static_cast<char>(std::tolower(c));
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.substr(0, 40);
}

tl::expected<std::string, std::string> make_lesson(const std::string& wish, const std::string& here) {
  const auto place = place_for(wish, here);
  if (!place) return tl::unexpected(place.error());
  const fs::path folder = place->course / place->name;
  std::error_code failed;
  if (fs::exists(fs::symlink_status(folder, failed)))
    return tl::unexpected(folder.string() + " is there already; nothing was written");
  fs::create_directories(folder, failed);
  if (failed) return tl::unexpected(folder.string() + ": " + failed.message());
  for (const auto& [name, text] : template_for(place->number, place->title).files)
    if (const auto done = write_durably((folder / name).string(), text); !done)
      return tl::unexpected(done.error());
  if (const auto done = list_in(place->course / "README.md", place->number, place->name, place->title); !done)
    return tl::unexpected(done.error());
  return folder.string();
}

}  // namespace loopscope::lessons::check
