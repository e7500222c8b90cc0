//! Which endpoints words name by their titles: `注册、忘记密码`.

/// The endpoints that a piece of a list names: by their whole title, else by a part of it, else by what it leaves out.
pub(in crate::behavior) fn matching(piece: &str, titles: &[String]) -> Vec<usize> {
    let piece: String = piece.chars().filter(|c| c.is_alphanumeric()).collect();
    if piece.chars().count() < 2 {
        return Vec::new();
    }
    let that = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        titles.iter().enumerate().filter(|(_, title)| fits(title)).map(|(at, _)| at).collect()
    };
    let exact = that(&|title| title == piece);
    if !exact.is_empty() {
        return exact;
    }
    let part = that(&|title| title.contains(&piece));
    if !part.is_empty() {
        return part;
    }
    that(&|title| {
        let mut wanted = piece.chars().peekable();
        title.chars().for_each(|c| _ = wanted.next_if_eq(&c));
        wanted.peek().is_none()
    })
}

/// `1.5 重置密码（忘记密码用这个）` is 重置密码.
pub(in crate::behavior) fn bare(title: &str) -> String {
    let title = title.trim_start_matches(|c: char| c.is_ascii_digit() || ".、 )）".contains(c));
    let title = title.split(['(', '（', '[', '【']).next().unwrap_or(title);
    title.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_name_titles() {
        let titles = ["发送短信验证码", "注册", "登录", "退出登录", "文章列表", "文章详情"].map(str::to_owned);
        for (piece, expected) in
            [("登录", vec![2]), ("发送验证码", vec![0]), ("文章", vec![4, 5]), ("评论列表", vec![]), ("", vec![])]
        {
            assert_eq!(matching(piece, &titles), expected, "{piece}");
        }
    }
}
